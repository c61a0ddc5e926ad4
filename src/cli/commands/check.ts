import type { Command } from 'commander';

import type { CheckFlags } from '../actions/check.js';
import type { Context } from '../context.js';
import { addExamples } from '../examples.js';
import {
  addConfigOptions,
  addInputOptions,
  addLimitOptions,
  addThreadsOption,
  addOutputOptions,
  addReportingOptions,
} from '../options.js';

/** What `snapcapi check` takes and does. */
export function fillCheckCommand(command: Command, context: Context): void {
  command
    .description('Validate every row without network access. The exit codes are those of export --dry-run.')
    .argument('[file...]', 'CSV, JSONL or a JSON array, also compressed; - or none: standard input');
  addConfigOptions(command);
  addThreadsOption(addLimitOptions(command))
    .option('--strict', 'Fail if a row is invalid')
    .option('--no-early-stop', 'Do not fail because over 90 % of the first 1,000 rows are invalid');
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
