import type { Command } from 'commander';

import type { FieldsFlags } from '../actions/fields.js';
import type { Context } from '../context.js';
import { addExamples } from '../examples.js';

/** Adds `snapcapi fields`. */
export function addFieldsCommand(program: Command, context: Context): void {
  const command = program
    .command('fields')
    .summary('list the columns with a meaning of their own')
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
