import type { Command } from 'commander';

import type { Context } from '../context.js';
import { addExamples } from '../examples.js';

/** What `snapcapi explain` takes and does. */
export function fillExplainCommand(command: Command, context: Context): void {
  command
    .description('Explain an issue code, an error code or an exit code. Without a code, list all of them.')
    .argument('[code]', 'Issue code, error code or exit code');
  addExamples(command, ['explain invalid_email', 'explain unauthorized', 'explain 65']);
  command.action((code: string | undefined) =>
    context.perform(async (_, out) => {
      const { runExplain } = await import('../actions/explain.js');
      return runExplain(code, out);
    }),
  );
}
