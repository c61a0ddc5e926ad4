import { Command } from 'commander';

import { packageVersion } from '../version.js';
import type { Context } from './context.js';
import type { Io } from './io.js';

type Fill = (command: Command, context: Context) => void;

/** All commands in the order of the help. Each is loaded only when it is named, so that the program starts fast. */
const COMMANDS: readonly {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Fill>;
}[] = [
  {
    name: 'export',
    summary: 'Send the rows of a query result to Snapchat',
    load: async () => (await import('./commands/export.js')).fillExportCommand,
  },
  {
    name: 'check',
    summary: 'Validate every row without network access',
    load: async () => (await import('./commands/check.js')).fillCheckCommand,
  },
  {
    name: 'preview',
    summary: 'Show the events that would be sent',
    load: async () => (await import('./commands/preview.js')).fillPreviewCommand,
  },
  {
    name: 'columns',
    summary: 'Show the field that each column of an input becomes',
    load: async () => (await import('./commands/columns.js')).fillColumnsCommand,
  },
  {
    name: 'fields',
    summary: 'List the standard columns',
    load: async () => (await import('./commands/fields.js')).fillFieldsCommand,
  },
  {
    name: 'explain',
    summary: 'Explain an error or issue code',
    load: async () => (await import('./commands/explain.js')).fillExplainCommand,
  },
  {
    name: 'runs',
    summary: 'List, show and remove recorded runs',
    load: async () => (await import('./commands/runs.js')).fillRunsCommand,
  },
  {
    name: 'auth',
    summary: 'Create, show, refresh and remove stored OAuth credentials',
    load: async () => (await import('./commands/auth.js')).fillAuthCommand,
  },
  {
    name: 'simulator',
    summary: 'Serve a local simulator of the Conversions API',
    load: async () => (await import('./commands/simulator.js')).fillSimulatorCommand,
  },
];

/**
 * The command line as commander knows it, complete for the commands that stand among the words. Parsing throws CommanderError;
 * nothing here ends the process.
 */
export async function createProgram(words: readonly string[], io: Io, context: Context): Promise<Command> {
  const program = new Command('snapcapi')
    .description("Send conversions from a query result to Snapchat's Conversions API.")
    .version(packageVersion(), '-V, --version', 'Show the version')
    .helpOption('-h, --help', 'Show help')
    .helpCommand('help [command]', 'Show the help of a command')
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
