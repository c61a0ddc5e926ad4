import { Option, type Command } from 'commander';

import type { ExportFlags } from '../actions/export.js';
import { addEndpointOption } from '../allowed-hosts.js';
import { addCredentialsFile } from '../credentials.js';
import type { Context } from '../context.js';
import { addExamples } from '../examples.js';
import {
  addConfigOptions,
  addInputOptions,
  addLimitOptions,
  addThreadsOption,
  addOutputOptions,
  addReportingOptions,
  parseDecimal,
  parseInteger,
} from '../options.js';

/** What `snapcapi export` takes and does. */
export function fillExportCommand(command: Command, context: Context): void {
  command
    .description(
      'Send the rows of a query result to Snapchat. Every row read has one outcome in the summary. --rejects lists every row that was not sent.',
    )
    .argument('[file...]', 'CSV, JSONL or a JSON array, also compressed; - or none: standard input');
  addCredentialsFile(addConfigOptions(command))
    .option(
      '--token-file <file>',
      'File that holds the API token; - is standard input (overrides SNAPCAPI_API_TOKEN)',
    )
    .optionsGroup('What to send:')
    .option('--test-events', 'Send to the validation endpoint: events are validated and not counted')
    .option('--dry-run', 'Do everything except sending');
  addThreadsOption(addLimitOptions(command));
  addOutputOptions(command);
  addInputOptions(command)
    .optionsGroup('Delivery:')
    .option(
      '--batch-size <n>',
      'Maximum number of events in a request (default: 2000)',
      parseInteger(1, 2000),
    )
    .option('--concurrency <n>', 'Maximum number of requests in flight (default: 4)', parseInteger(1, 64))
    .option('--rate <n>', 'Maximum number of requests per second (default: 100, with oauth 10)', parseDecimal)
    .option('--retry-for <seconds>', 'Time limit for the retries of a request (default: 600)', parseDecimal)
    .option('--request-timeout <seconds>', 'Time limit for a response (default: 60)', parseInteger(1, 3600))
    .option(
      '--no-early-stop',
      'Continue even if over 90 % of the first 1,000 rows are invalid, or the first 40 requests are refused',
    );
  addEndpointOption(command)
    .optionsGroup('Resume:')
    .option(
      '--state-dir <dir>',
      'Directory of recorded runs (default: SNAPCAPI_STATE_DIR, else the XDG state directory)',
    )
    .option(
      '--job <name>',
      'Name of the job: its exports resume each other (default: from config, event source and input names)',
    )
    .addOption(
      new Option(
        '--on-unfinished <how>',
        'Action if the last run of the job is unfinished and the input is a new one (default: resume-first)',
      ).choices(['resume-first', 'start-over', 'refuse']),
    )
    .option('--keep-runs <days>', 'Remove complete runs after this many days (default: 30)', parseDecimal)
    .option('--force', 'Start over: send all rows again, even if an earlier run delivered them')
    .addOption(
      new Option(
        '--in-doubt <how>',
        'Action for events that may have arrived (default: resend those with an event_id within 48 hours, hold the rest)',
      ).choices(['resend', 'hold', 'drop']),
    )
    .option(
      '--retry <run>',
      'Send again the rows that this run left refused, in doubt or not attempted; give no FILE',
    )
    .option('--no-resume', 'Keep no journal and no copy of standard input');
  addReportingOptions(command);
  addExamples(command, [
    'export rows.csv --config result.json --rejects rejects.jsonl',
    'export - --format jsonl --config result.json < rows.jsonl',
    'export rows.csv.gz --config result.json --test-events',
    'export --retry 20261123T020000-4f9a --config result.json',
    'export rows.csv --config result.json --dry-run --as-of 2026-01-31T12:00:00Z',
  ]);
  command.addHelpText(
    'after',
    '\nA pipe does not show that the program before it failed. In scripts, use `set -o pipefail`:\nthe exit status of the pipeline is then that of the program that failed.',
  );
  command.action((files: readonly string[], flags: ExportFlags) =>
    context.perform(async (io, out) => {
      const { runExport } = await import('../actions/export.js');
      return runExport(files, flags, io, out);
    }),
  );
}
