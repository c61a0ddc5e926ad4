import { CommanderError, type Command } from 'commander';

import { EXIT, type RunError } from '../errors.js';
import { asRunError, errorText, usageError } from './errors.js';
import { guardIo } from './guard.js';
import { processIo, type Io } from './io.js';
import { createOutput, type Output } from './output.js';
import { createProgram } from './program.js';
import { hasColor } from './terminal.js';

/** Runs a command line (without `node` and the script) and gives its exit code. Never throws. */
export async function main(argv: readonly string[], given: Io): Promise<number> {
  const out = createOutput(given.stdout, given.secrets);
  given.stderr.on('error', () => undefined);
  const io = guardIo(given);
  let exitCode: number = EXIT.ok;
  const program = createProgram(io, {
    perform: async (action) => {
      exitCode = await action(io, out);
    },
  });
  try {
    if (argv.length === 0) {
      program.outputHelp({ error: true });
      return EXIT.usage;
    }
    await program.parseAsync(argv, { from: 'user' });
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return EXIT.ok;
    exitCode = await complain(thrown, argv, program, io);
  }
  return finish(exitCode, out, io);
}

async function complain(thrown: unknown, argv: readonly string[], program: Command, io: Io): Promise<number> {
  const command = commandMeant(argv, program);
  const error = thrown instanceof CommanderError ? usageError(thrown, command) : asRunError(thrown);
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

async function finish(exitCode: number, out: Output, io: Io): Promise<number> {
  try {
    await out.flush();
    return exitCode;
  } catch (thrown) {
    const error = asRunError(thrown);
    io.stderr.write(errorText(error, hasColor(io)));
    return exitCode === EXIT.ok ? error.exitCode : exitCode;
  }
}

/** Runs the command line of this process and ends it. */
export async function runProcess(): Promise<never> {
  const io = processIo();
  const argv = process.argv.slice(2);
  // What nobody caught would be shown by Node with its message, which may quote anything.
  process.on('uncaughtException', (thrown: unknown) => {
    const error = asRunError(thrown);
    void tell(error, argv, guardIo(io)).finally(() => process.exit(error.exitCode));
  });
  const exitCode = await main(argv, io);
  // A pipe that nobody closes, such as standard input after an interrupt, must not keep the process alive.
  process.exit(exitCode);
}
