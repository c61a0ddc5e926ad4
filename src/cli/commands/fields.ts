import type { Command } from 'commander';

import type { FieldsFlags } from '../actions/fields.js';
import type { Context } from '../context.js';
import { addExamples } from '../examples.js';

/** What `snapcapi fields` takes and does. */
export function fillFieldsCommand(command: Command, context: Context): void {
  command
    .description('Lists the standard columns, or tells everything about one of them.')
    .argument('[name]', 'column name')
    .option('--json', 'as JSON')
    .option('--markdown', 'as markdown tables');
  addExamples(command, ['fields', 'fields em', 'fields --json']);
  command.action((name: string | undefined, flags: FieldsFlags) =>
    context.perform(async (_, out) => {
      const { runFields } = await import('../actions/fields.js');
      return runFields(name, flags, out);
    }),
  );
}
