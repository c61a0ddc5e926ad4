import { InvalidArgumentError, Option, type Command } from 'commander';

import type { CsvEngine, CsvEscape, InputFormat } from '../types.js';

export type InputFlags = {
  readonly format?: InputFormat;
  readonly encoding?: string;
  readonly delimiter?: string;
  readonly null?: readonly string[];
  readonly maxRecordBytes?: number;
  readonly threads?: number;
  readonly csvEngine?: CsvEngine;
  readonly escape?: CsvEscape;
  readonly requireFinalNewline?: true;
  readonly allowEmpty?: true;
};

export type ConfigFlags = {
  readonly config?: string;
  readonly result?: string;
  readonly var?: Readonly<Record<string, string>>;
  readonly asOf?: string;
  readonly maxRejected?: string;
  readonly minRows?: number;
  readonly minSent?: number;
};

export type DeliveryFlags = {
  readonly testEvents?: true;
  readonly dryRun?: true;
  readonly tokenFile?: string;
  readonly batchSize?: number;
  readonly concurrency?: number;
  readonly rate?: number;
  readonly retryFor?: number;
  readonly requestTimeout?: number;
  /** False with --no-early-stop. */
  readonly earlyStop?: boolean;
};

export type JournalFlags = {
  readonly stateDir?: string;
  /** False with --no-resume. */
  readonly resume?: boolean;
  readonly force?: true;
  readonly inDoubt?: 'resend' | 'hold' | 'drop';
  /** ID of a run, perhaps shortened. */
  readonly retry?: string;
  readonly job?: string;
  readonly onUnfinished?: 'resume-first' | 'start-over' | 'refuse';
  /** Days. */
  readonly keepRuns?: number;
};

export type OutputFlags = {
  readonly rejects?: string;
  readonly rejectedRows?: string;
  /** Personal data in the rejects. */
  readonly rejectsWithValues?: true;
  readonly report?: string;
};

export type ReportingFlags = {
  readonly json?: true;
  readonly quiet?: true;
  readonly verbose?: true;
  readonly debug?: true;
  readonly logFormat?: 'text' | 'json';
};

/** Where the settings come from. */
export function addConfigOptions(command: Command): Command {
  return command
    .optionsGroup('Config:')
    .option('-c, --config <file>', 'Config file (JSON)')
    .option('--result <json>', 'The config as JSON text')
    .option('--var <name=value>', 'Value of a template variable (repeatable)', collectVariable)
    .option('--as-of <time>', 'Current time for age checks and templates (default: the clock)');
}

/** How the input is read. */
export function addInputOptions(command: Command): Command {
  return command
    .optionsGroup('Input:')
    .addOption(
      new Option(
        '--format <format>',
        'Format of the input; json: one array of objects (default: by name, then by content)',
      ).choices(['csv', 'jsonl', 'json']),
    )
    .option('--encoding <name>', 'Encoding of the input (default: UTF-8, or UTF-16 by its byte order mark)')
    .option(
      '--delimiter <char>',
      'CSV delimiter: one character, or comma, semicolon, tab, pipe (default: comma)',
      parseDelimiter,
    )
    .addOption(
      new Option(
        '--escape <style>',
        'Escapes in CSV cells; backslash: as mysql -B, INTO OUTFILE, COPY text and UNLOAD ESCAPE write (default: doubled quotes)',
      ).choices(['backslash']),
    )
    .option(
      '--require-final-newline',
      'Fail at a last CSV record without a line end, and do not send it: it may be cut short',
    )
    .option('--allow-empty', 'Accept an input without bytes as an empty result')
    .option('--null <text>', 'Additional NULL text (repeatable)', collectText)
    .option('--max-record-bytes <n>', 'Maximum size of a record in bytes (default: 1048576)', parseInteger(1))
    .addOption(
      new Option(
        '--csv-engine <engine>',
        'CSV parser: auto is fast, csv-parse is slower; both give the same rows (default: auto)',
      ).choices(['auto', 'csv-parse']),
    );
}

/** Number of worker threads. */
export function addThreadsOption(command: Command): Command {
  return command
    .optionsGroup('Limits:')
    .option(
      '--threads <n>',
      'Worker threads for large inputs; 0 uses the main thread only (default: cores - 1, at most 4)',
      parseInteger(0, 64),
    );
}

/** When a run counts as failed although it reached the end of its input. */
export function addLimitOptions(command: Command): Command {
  return command
    .optionsGroup('Limits:')
    .option('--max-rejected <n|p%>', 'Fail if more rows than this are rejected', parseLimit)
    .option('--min-rows <n>', 'Fail if fewer rows than this are read (default: 0)', parseInteger(0))
    .option('--min-sent <n>', 'Fail if fewer rows than this are sent (default: 0)', parseInteger(0));
}

/** Files for rejected rows and the report. */
export function addOutputOptions(command: Command): Command {
  return command
    .optionsGroup('Output files:')
    .option('--rejects <file>', 'List every row that was not sent, with the reasons (JSONL)')
    .option(
      '--rejects-with-values',
      'Add the invalid cells to the rejects. They are personal data: protect that file like the input.',
    )
    .option('--rejected-rows <file>', 'Copy the rows that were not sent, to correct and export them')
    .option('--report <file>', 'Write the summary and the settings (JSON)');
}

/** What the command prints, and how. */
export function addReportingOptions(command: Command): Command {
  return command
    .optionsGroup('Messages:')
    .option('--json', 'Print the result as one JSON object on standard output')
    .option('-q, --quiet', 'Print errors only')
    .option('-v, --verbose', 'Also print inputs, requests and rejected rows')
    .option('--debug', 'Log every request and response; never tokens or row data')
    .addOption(
      new Option('--log-format <format>', 'Format of the messages on standard error')
        .choices(['text', 'json'])
        .default('text'),
    );
}

/** A parser of whole numbers from `least` to `most`. */
export function parseInteger(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(
      most === Number.MAX_SAFE_INTEGER
        ? `It must be an integer from ${least}.`
        : `It must be an integer from ${least} to ${most}.`,
    );
  };
}

/** Decimal number of at least 0. */
export function parseDecimal(text: string): number {
  if (/^\d{1,15}(\.\d{1,9})?$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a number from 0.');
}

const DELIMITERS: ReadonlyMap<string, string> = new Map([
  ['comma', ','],
  ['semicolon', ';'],
  ['tab', '\t'],
  ['\\t', '\t'],
  ['pipe', '|'],
]);

function parseDelimiter(text: string): string {
  const delimiter = DELIMITERS.get(text.toLowerCase()) ?? text;
  if (delimiter.length === 1 && !/["\r\n\0]/.test(delimiter)) return delimiter;
  throw new InvalidArgumentError('It must be one character, or comma, semicolon, tab or pipe.');
}

function parseLimit(text: string): string {
  if (/^\d{1,15}(\.\d{1,6})?%$|^\d{1,15}$/.test(text.trim())) return text.trim();
  throw new InvalidArgumentError('It must be a number of rows such as 100, or a share such as 5%.');
}

function collectText(text: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, text];
}

function collectVariable(
  text: string,
  earlier: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const found = /^([A-Za-z_][A-Za-z0-9_]*)=([^]*)$/.exec(text);
  if (found?.[1] === undefined) throw new InvalidArgumentError('It must be NAME=VALUE.');
  return { ...earlier, [found[1]]: found[2] ?? '' };
}
