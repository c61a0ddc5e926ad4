import type { Command } from 'commander';

import type { FieldsFlags } from '../actions/fields.js';
import type { Context } from '../context.js';
import { addExamples } from '../examples.js';

/** What `snapcapi fields` takes and does. */
export function fillFieldsCommand(command: Command, context: Context): void {
  command
    .description('List the standard columns, or show one of them in detail.')
    .argument('[name]', 'Column name')
    .option('--json', 'Print JSON')
    .option('--markdown', 'Print Markdown tables');
  addExamples(command, ['fields', 'fields em', 'fields --json']);
  command.action((name: string | undefined, flags: FieldsFlags) =>
    context.perform(async (_, out) => {
      const { runFields } = await import('../actions/fields.js');
      return runFields(name, flags, out);
    }),
  );
}
