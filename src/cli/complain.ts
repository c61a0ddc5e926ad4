import { CommanderError, type Command } from 'commander';

import type { RunError } from '../errors.js';
import { asRunError, errorText, usageError } from './errors.js';
import type { Io } from './io.js';
import { hasColor } from './terminal.js';

/** Tells what went wrong, in the form the arguments ask for, and gives the exit code. */
export async function complain(
  thrown: unknown,
  argv: readonly string[],
  program: Command | undefined,
  io: Io,
): Promise<number> {
  const error =
    thrown instanceof CommanderError && program !== undefined
      ? usageError(thrown, commandMeant(argv, program))
      : asRunError(thrown);
  await tell(error, argv, io);
  return error.exitCode;
}

async function tell(error: RunError, argv: readonly string[], io: Io): Promise<void> {
  if (wantsJsonLog(argv)) {
    const { createJsonLog } = await import('./json-log.js');
    createJsonLog({}, io, (text) => io.stderr.write(text)).error(error);
  } else io.stderr.write(errorText(error, hasColor(io)));
}

/** The command that the first words name: `runs list` is below `runs`. */
function commandMeant(argv: readonly string[], program: Command): Command {
  let command = program;
  for (const word of argv) {
    const inner = command.commands.find((one) => one.name() === word);
    if (inner === undefined) break;
    command = inner;
  }
  return command;
}

/** Whether the arguments ask for JSON logs, also when they are wrong in other ways. */
function wantsJsonLog(argv: readonly string[]): boolean {
  return argv.some(
    (one, index) => one === '--log-format=json' || (one === '--log-format' && argv[index + 1] === 'json'),
  );
}
