import { CommanderError, type Command } from 'commander';

import { EXIT } from '../tables/exit.js';
import { guardIo, guardWrites } from './guard.js';
import { processIo, type Io } from './io.js';
import { createOutput, type Output } from './output.js';
import { createProgram } from './program.js';
import { growYoungGenerationAtOnce } from './young-generation.js';

/** Runs a command line (without `node` and the script) and gives its exit code. Never throws. */
export async function main(argv: readonly string[], given: Io): Promise<number> {
  const out = createOutput(given.stdout, given.secrets);
  given.stderr.on('error', () => undefined);
  const io = await guardIo(given);
  let exitCode: number = EXIT.ok;
  let program: Command | undefined;
  try {
    program = await createProgram(argv, io, {
      perform: async (action) => {
        exitCode = await action(io, out);
      },
    });
    if (argv.length === 0) {
      program.outputHelp({ error: true });
      return EXIT.usage;
    }
    await program.parseAsync(argv, { from: 'user' });
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return EXIT.ok;
    exitCode = await complainOf(thrown, argv, program, io);
  }
  return finish(exitCode, out, (thrown) => complainOf(thrown, [], program, io));
}

// Most runs have nothing to complain of, and the texts take time to load.
async function complainOf(
  thrown: unknown,
  argv: readonly string[],
  program: Command | undefined,
  io: Io,
): Promise<number> {
  try {
    if (lacksOpenFiles(thrown)) throw thrown;
    const { complain } = await import('./complain.js');
    return await complain(thrown, argv, program, io);
  } catch (problem) {
    // What cannot be loaded cannot complain either; an error in here would come back here for ever.
    io.stderr.write(lacksOpenFiles(problem) ? LACKS_OPEN_FILES : CANNOT_BE_LOADED);
    return lacksOpenFiles(problem) ? EXIT.io : EXIT.internal;
  }
}

const LACKS_OPEN_FILES = `error[open_files_limit]: the limit of open files is too low to run the program
  fix: Raise it to 1024 or more: ulimit -n 1024
`;
const CANNOT_BE_LOADED = `error[internal]: a part of the program cannot be loaded
  fix: Install snapcapi again. If that does not help, this is a bug: please report it.
`;

function lacksOpenFiles(thrown: unknown): boolean {
  return (
    thrown instanceof Error && 'code' in thrown && (thrown.code === 'EMFILE' || thrown.code === 'ENFILE')
  );
}

async function finish(
  exitCode: number,
  out: Output,
  tell: (thrown: unknown) => Promise<number>,
): Promise<number> {
  try {
    await out.flush();
    return exitCode;
  } catch (thrown) {
    const code = await tell(thrown);
    return exitCode === EXIT.ok ? code : exitCode;
  }
}

/** Runs the command line of this process and ends it. */
export async function runProcess(): Promise<never> {
  growYoungGenerationAtOnce();
  const io = processIo();
  guardWrites(process.stderr, io.secrets);
  const argv = process.argv.slice(2);
  // What nobody caught would be shown by Node with its message, which may quote anything.
  process.on('uncaughtException', (thrown: unknown) => {
    void guardIo(io)
      .then((guarded) => complainOf(thrown, argv, undefined, guarded))
      .then((code) => process.exit(code));
  });
  const exitCode = await main(argv, io);
  // A pipe that nobody closes, such as standard input after an interrupt, must not keep the process alive.
  process.exit(exitCode);
}
