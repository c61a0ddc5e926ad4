import { Option, type Command } from 'commander';

import type { ExportFlags } from '../actions/export.js';
import { addEndpointOption } from '../allowed-hosts.js';
import { addCredentialsFile } from '../credentials.js';
import type { Context } from '../context.js';
import { addExamples } from '../examples.js';
import {
  addConfigOptions,
  addInputOptions,
  addLimitOption,
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
      'Reads rows, makes events of them and sends them to the Conversions API. Every row read is accounted for; every row that was not sent can be listed with --rejects.',
    )
    .argument('[file...]', 'CSV or JSONL, also compressed; - or nothing: standard input');
  addCredentialsFile(addConfigOptions(command))
    .option(
      '--token-file <file>',
      'file that holds the API token (goes before SNAPCAPI_API_TOKEN); -: standard input',
    )
    .optionsGroup('What to send:')
    .option('--test-events', 'send to the validation endpoint: events are checked, none is counted')
    .option('--dry-run', 'do everything but sending');
  addThreadsOption(addLimitOption(command));
  addOutputOptions(command);
  addInputOptions(command)
    .optionsGroup('Delivery:')
    .option('--batch-size <n>', 'most events in one request (default: 2000)', parseInteger(1, 2000))
    .option('--concurrency <n>', 'requests in flight (default: 4)', parseInteger(1, 64))
    .option('--rate <n>', 'most requests begun in a second (default: 100, with oauth 10)', parseDecimal)
    .option('--retry-for <seconds>', 'time budget for the retries of a request (default: 600)', parseDecimal)
    .option('--request-timeout <seconds>', 'longest wait for an answer (default: 60)', parseInteger(1, 3600))
    .option(
      '--no-early-stop',
      'go on even when the first rows are nearly all invalid, or the first 40 answers all refusals',
    );
  addEndpointOption(command)
    .optionsGroup('Going on with a run that was interrupted:')
    .option(
      '--state-dir <dir>',
      'where runs are remembered (default: SNAPCAPI_STATE_DIR, else the XDG state directory)',
    )
    .option('--force', 'begin anew: send all rows again, whatever an earlier run of this input did')
    .addOption(
      new Option(
        '--in-doubt <how>',
        'what to do with events that may or may not have arrived (default: resend those with an event_id within 48 hours, hold the rest)',
      ).choices(['resend', 'hold', 'drop']),
    )
    .option('--retry <run>', 'send again what that run left refused, in doubt or not attempted; give no FILE')
    .option('--no-resume', 'keep no journal; standard input is not copied');
  addReportingOptions(command);
  addExamples(command, [
    'export rows.csv --config result.json --rejects rejects.jsonl',
    'export - --format jsonl --config result.json < rows.jsonl',
    'export rows.csv.gz --config result.json --test-events',
    'export --retry 20261123T020000-4f9a --config result.json',
    'export rows.csv --config result.json --dry-run --as-of 2026-01-31T12:00:00Z',
  ]);
  command.action((files: readonly string[], flags: ExportFlags) =>
    context.perform(async (io, out) => {
      const { runExport } = await import('../actions/export.js');
      return runExport(files, flags, io, out);
    }),
  );
}
