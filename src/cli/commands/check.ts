import type { Command } from 'commander';

import type { CheckFlags } from '../actions/check.js';
import type { Context } from '../context.js';
import { addExamples } from '../examples.js';
import {
  addConfigOptions,
  addInputOptions,
  addLimitOption,
  addThreadsOption,
  addOutputOptions,
  addReportingOptions,
} from '../options.js';

/** What `snapcapi check` takes and does. */
export function fillCheckCommand(command: Command, context: Context): void {
  command
    .description('Applies every rule of the export to every row and shows what is wrong and how to fix it.')
    .argument('[file...]', 'CSV or JSONL, also compressed; - or nothing: standard input');
  addConfigOptions(command);
  addThreadsOption(addLimitOption(command)).option('--strict', 'fail when a row is invalid');
  addOutputOptions(command);
  addInputOptions(command);
  addReportingOptions(command);
  addExamples(command, [
    'check rows.csv --config result.json',
    'check rows.csv --config result.json --strict --rejects rejects.jsonl',
    'check *.csv --config result.json --max-rejected 1%',
  ]);
  command.action((files: readonly string[], flags: CheckFlags) =>
    context.perform(async (io, out) => {
      const { runCheck } = await import('../actions/check.js');
      return runCheck(files, flags, io, out);
    }),
  );
}
