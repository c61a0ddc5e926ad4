import { InvalidArgumentError, type Command } from 'commander';

import type { PreviewFlags } from '../actions/preview.js';
import type { Context } from '../context.js';
import { addExamples } from '../examples.js';
import { addConfigOptions, addInputOptions, parseInteger } from '../options.js';

const ROWS = 10;

/** What `snapcapi preview` takes and does. */
export function fillPreviewCommand(command: Command, context: Context): void {
  command
    .description(
      'Print one JSON line for each row: the event as export would send it, or the issues of the row.',
    )
    .argument('[file...]', 'CSV, JSONL or a JSON array, also compressed; - or none: standard input')
    .optionsGroup('Preview:')
    .option('-n, --rows <n>', `Number of rows, or all (default: ${ROWS}; 0 means all)`, parseRows)
    .option('--bodies', 'Print request bodies instead of rows');
  addConfigOptions(command);
  addInputOptions(command).optionsGroup('Messages:').option('-q, --quiet', 'Print errors only');
  addExamples(command, [
    'preview rows.csv --config result.json -n 3',
    'preview rows.csv --config result.json -n all --as-of 2026-01-31T12:00:00Z',
    'preview rows.csv --config result.json --bodies',
  ]);
  command.action((files: readonly string[], flags: Omit<PreviewFlags, 'rows'> & { readonly rows?: number }) =>
    context.perform(async (io, out) => {
      const { runPreview } = await import('../actions/preview.js');
      return runPreview(files, { ...flags, rows: flags.rows ?? ROWS }, io, out);
    }),
  );
}

function parseRows(text: string): number {
  if (text === 'all') return 0;
  try {
    return parseInteger(0)(text);
  } catch {
    throw new InvalidArgumentError('It must be a number of rows, or all.');
  }
}
