import type { Command } from 'commander';

import type { Context } from '../context.js';
import { addExamples } from '../examples.js';

/** What `snapcapi explain` takes and does. */
export function fillExplainCommand(command: Command, context: Context): void {
  command
    .description(
      'Explains a code of a rejected row, of an error, or an exit code; without a code it lists all.',
    )
    .argument('[code]', 'issue code, error code or exit code');
  addExamples(command, ['explain invalid_email', 'explain unauthorized', 'explain 65']);
  command.action((code: string | undefined) =>
    context.perform(async (_, out) => {
      const { runExplain } = await import('../actions/explain.js');
      return runExplain(code, out);
    }),
  );
}
