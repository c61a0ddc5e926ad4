import type { Command } from 'commander';

import type { ColumnsFlags } from '../actions/columns.js';
import type { Context } from '../context.js';
import { addExamples } from '../examples.js';
import { addConfigOptions, addInputOptions } from '../options.js';

/** What `snapcapi columns` takes and does. */
export function fillColumnsCommand(command: Command, context: Context): void {
  command
    .description(
      'List every column: the standard or custom field it becomes, its place in the event, and names that look mistyped. Without a config the defaults apply (WEB).',
    )
    .argument('[file]', 'CSV, JSONL or a JSON array, also compressed; - or none: standard input');
  addConfigOptions(command);
  addInputOptions(command)
    .optionsGroup('Messages:')
    .option('--json', 'Print a JSON array instead of a table');
  addExamples(command, [
    'columns rows.csv',
    'columns rows.csv --config result.json',
    'columns rows.csv --config result.json --json',
  ]);
  command.action((file: string | undefined, flags: ColumnsFlags) =>
    context.perform(async (io, out) => {
      const { runColumns } = await import('../actions/columns.js');
      return runColumns(file, flags, io, out);
    }),
  );
}
