import { Command } from 'commander';

import { packageVersion } from '../version.js';
import type { Context } from './context.js';
import type { Io } from './io.js';

type Fill = (command: Command, context: Context) => void;

/** All commands in the order of the help. Each is loaded only when it is named: the start of the program is felt every time. */
const COMMANDS: readonly {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Fill>;
}[] = [
  {
    name: 'export',
    summary: 'send the rows of a query result',
    load: async () => (await import('./commands/export.js')).fillExportCommand,
  },
  {
    name: 'check',
    summary: 'judge every row by every rule, without any network',
    load: async () => (await import('./commands/check.js')).fillCheckCommand,
  },
  {
    name: 'preview',
    summary: 'show the events that would be sent',
    load: async () => (await import('./commands/preview.js')).fillPreviewCommand,
  },
  {
    name: 'columns',
    summary: 'show how each column of an input is understood',
    load: async () => (await import('./commands/columns.js')).fillColumnsCommand,
  },
  {
    name: 'fields',
    summary: 'list the columns with a meaning of their own',
    load: async () => (await import('./commands/fields.js')).fillFieldsCommand,
  },
  {
    name: 'explain',
    summary: 'tell what a code means and how to fix it',
    load: async () => (await import('./commands/explain.js')).fillExplainCommand,
  },
  {
    name: 'runs',
    summary: 'list, show and remove the runs that are remembered',
    load: async () => (await import('./commands/runs.js')).fillRunsCommand,
  },
  {
    name: 'auth',
    summary: 'make, show, refresh and remove stored OAuth credentials',
    load: async () => (await import('./commands/auth.js')).fillAuthCommand,
  },
  {
    name: 'simulator',
    summary: 'serve a local stand-in for the Conversions API',
    load: async () => (await import('./commands/simulator.js')).fillSimulatorCommand,
  },
];

/**
 * The command line as commander knows it, complete for the commands that stand among the words. Parsing throws CommanderError;
 * nothing here ends the process.
 */
export async function createProgram(words: readonly string[], io: Io, context: Context): Promise<Command> {
  const program = new Command('snapcapi')
    .description("Sends conversions from a query result to Snapchat's Conversions API.")
    .version(packageVersion())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      // Complaints are written once, by the caller, in the form of all other errors.
      outputError: () => undefined,
    });
  for (const { name, summary, load } of COMMANDS) {
    const command = program.command(name).summary(summary);
    if (words.includes(name)) (await load())(command, context);
  }
  program.addHelpText(
    'after',
    `
Examples:
  $ snapcapi columns rows.csv --config result.json
  $ snapcapi check rows.csv --config result.json
  $ snapcapi export rows.csv --config result.json --rejects rejects.jsonl`,
  );
  return program;
}
