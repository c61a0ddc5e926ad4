import { Command } from 'commander';

import { packageVersion } from '../version.js';
import { addAuthCommand } from './commands/auth.js';
import { addCheckCommand } from './commands/check.js';
import { addColumnsCommand } from './commands/columns.js';
import { addExplainCommand } from './commands/explain.js';
import { addExportCommand } from './commands/export.js';
import { addFieldsCommand } from './commands/fields.js';
import { addPreviewCommand } from './commands/preview.js';
import { addRunsCommand } from './commands/runs.js';
import { addSimulatorCommand } from './commands/simulator.js';
import type { Context } from './context.js';
import type { Io } from './io.js';

/** The command line as commander knows it. Parsing throws CommanderError; nothing here ends the process. */
export function createProgram(io: Io, context: Context): Command {
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
  addExportCommand(program, context);
  addCheckCommand(program, context);
  addPreviewCommand(program, context);
  addColumnsCommand(program, context);
  addFieldsCommand(program, context);
  addExplainCommand(program, context);
  addRunsCommand(program, context);
  addAuthCommand(program, context);
  addSimulatorCommand(program, context);
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
