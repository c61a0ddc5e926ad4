import type { RunSummary } from '../summary.js';
import { DAY_MS } from '../time-units.js';
import type { RowOutcome } from '../types.js';
import {
  alignColumns,
  formatBytes,
  formatCount,
  formatDuration,
  formatPlace,
  formatShare,
  outcomeCounts,
  outcomeLabel,
  printableName,
} from './format.js';
import { closedLines, copyLines, removedLines, retryCommand } from './job-text.js';
import type { ReportContext } from './run-report.js';

const MOST_REASONS = 10;

/** The end of a run in words: outcomes that add up to the rows read, reasons, warnings, requests, next step. */
export function summaryText(summary: RunSummary, context: ReportContext): string {
  return `${earlierText(summary, context)}${ownText(summary, context)}`;
}

/** A short summary of each run that came first, and of what was given up. */
function earlierText({ earlierRuns = [], closedRuns = [] }: RunSummary, context: ReportContext): string {
  const blocks = [
    ...closedRuns.map(closedLines),
    ...earlierRuns.map((run) => [
      headline(run, context),
      ...runLines(run),
      ...outcomeLines(run),
      ...copyLines(run),
    ]),
  ];
  return blocks.map((lines) => `${lines.join('\n')}\n\n`).join('');
}

function ownText(summary: RunSummary, context: ReportContext): string {
  if (summary.run?.alreadyComplete === true)
    return alreadyComplete(summary.run, context) + asLines([...copyLines(summary), ...removedLines(summary)]);
  const sections = [
    [headline(summary, context), ...runLines(summary)],
    outcomeLines(summary),
    section('Why rows were not sent', context.rejections.map(countLine)),
    section('Warnings', summary.warnings.map(countLine)),
    eventLines(summary),
    [...requestLines(summary), ...outputLines(context), ...copyLines(summary), ...removedLines(summary)],
    nextSteps(summary, context),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function asLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

/** What the run that did the work left, where it is listed, and what can be done about it. */
function alreadyComplete(
  { id, sentBefore, outcomes = {} }: NonNullable<RunSummary['run']>,
  context: ReportContext,
): string {
  const { config, earlierRejects, recall } = context;
  const { sent: _, ...others } = outcomes;
  const counts = outcomeCounts(others);
  const undelivered = UNDELIVERED.some((outcome) => (outcomes[outcome] ?? 0) > 0);
  const rejects = earlierRejects === undefined ? '' : `; ${printableName(earlierRejects)} lists the rows`;
  const twice = config.eventId === 'none' ? '; the events have no event_id, so they count twice' : '';
  return [
    `export: nothing to do: this input was delivered by run ${id} (${formatCount(sentBefore)} rows sent)`,
    ...(counts.length === 0
      ? []
      : [
          `rows not sent by that run: ${counts.join(', ')}`,
          `next: \`snapcapi runs show ${id}${recall?.stateDir ?? ''}\` shows that run${rejects}`,
        ]),
    ...(undelivered ? [`next: \`${retryCommand(id, recall)}\` sends the valid rows among them again`] : []),
    `next: --force sends all rows again${twice}`,
    '',
  ].join('\n');
}

/** Outcomes of valid rows that a retry sends. */
const UNDELIVERED = ['refused', 'in_doubt', 'not_attempted'] as const;

/** How an outcome is called in this mode: rows that were not sent on purpose are no failure. */
function label(outcome: RowOutcome, summary: RunSummary): string {
  if (outcome === 'sent' && summary.endpoint === 'validate') return 'valid for the API';
  if (outcome !== 'not_attempted' || summary.mode === 'deliver') return outcomeLabel(outcome);
  return summary.mode === 'check' ? 'valid' : 'would be sent';
}

function headline(summary: RunSummary, context: ReportContext): string {
  const names =
    summary.inputs.length === 1
      ? printableName(summary.inputs[0]?.file ?? '')
      : `${summary.inputs.length} inputs`;
  const kind =
    summary.mode === 'dry_run' ? ' (dry run)' : summary.endpoint === 'validate' ? ' (test events)' : '';
  const rows = `${formatCount(summary.rowsRead)} ${summary.rowsRead === 1 ? 'row' : 'rows'}`;
  return `${context.command}${kind}: ${rows} read from ${names} in ${formatDuration(summary.durationMs)}`;
}

function runLines({ run }: RunSummary): readonly string[] {
  if (run === undefined) return [];
  const retry =
    run.retryOf === undefined ? [] : [`a retry: only rows that run ${run.retryOf} left are counted`];
  if (!run.resumed) return retry;
  return [
    ...retry,
    `resumed run ${run.id}; ${formatCount(run.sentBefore)} of the rows sent were delivered before`,
  ];
}

function outcomeLines(summary: RunSummary): readonly string[] {
  const delivering = summary.mode === 'deliver';
  const order: readonly RowOutcome[] = delivering
    ? ['sent', 'invalid', 'expired', 'refused', 'in_doubt', 'not_attempted']
    : ['not_attempted', 'invalid', 'expired', 'sent', 'refused', 'in_doubt'];
  const shown = order.filter((outcome, index) => delivering || index < 3 || summary.outcomes[outcome] > 0);
  const rows = shown.map((outcome) => {
    const count = summary.outcomes[outcome];
    return [`  ${label(outcome, summary)}`, formatCount(count), formatShare(count, summary.rowsRead)];
  });
  return alignColumns(rows, [1, 2]);
}

type Counted = Pick<ReportContext['rejections'][number], 'code' | 'count' | 'first' | 'message'>;

function countLine(one: Counted): readonly string[] {
  return [`  ${formatCount(one.count)}`, one.code, `${one.message} (first: ${formatPlace(one.first)})`];
}

/** What the valid events have to be found by, and how old they are: mistakes in a query show here first. */
function eventLines({ events, asOf }: RunSummary): readonly string[] {
  if (events.oldest === undefined || events.newest === undefined) return [];
  const present = [...events.identifiers].sort((a, b) => b.count - a.count);
  const shares = present.map(({ field, count }) => `${field} ${formatShare(count, events.count)}`);
  const age = (time: string): string => formatAge(Date.parse(asOf) - Date.parse(time));
  return [
    `identifiers: ${shares.join(', ')}`,
    `ages: newest ${age(events.newest)}, oldest ${age(events.oldest)}`,
  ];
}

function formatAge(ms: number): string {
  if (ms < 0) return `${formatDuration(-ms)} ahead`;
  return ms < 2 * DAY_MS ? formatDuration(ms) : `${(ms / DAY_MS).toFixed(1)} days`;
}

function section(title: string, rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return [];
  const rest = rows.length - MOST_REASONS;
  const more = rest > 0 ? [`  … and ${formatCount(rest)} more kinds`] : [];
  return [title, ...alignColumns(rows.slice(0, MOST_REASONS), [0]), ...more];
}

function requestLines(summary: RunSummary): readonly string[] {
  if (summary.mode === 'check') return [];
  const batches = `${formatCount(summary.batches)} ${summary.batches === 1 ? 'batch' : 'batches'}`;
  if (summary.endpoint === 'none') return [`${batches}, nothing sent`];
  const requests = `${formatCount(summary.requests)} ${summary.requests === 1 ? 'request' : 'requests'}`;
  const retries = summary.retries === 0 ? '' : ` (${formatCount(summary.retries)} repeated)`;
  return [`${requests}${retries} for ${batches}, ${formatBytes(summary.bytesSent)}`];
}

function outputLines({ outputs }: ReportContext): readonly string[] {
  const lines: string[] = [];
  if (outputs.rejects !== undefined) {
    lines.push(`rejects: ${printableName(outputs.rejects.path)} (${formatCount(outputs.rejects.rows)})`);
  }
  for (const { path, rows } of outputs.rejectedRows ?? []) {
    lines.push(`rejected rows: ${printableName(path)} (${formatCount(rows)})`);
  }
  if (outputs.rowsWithoutBytes !== undefined) {
    lines.push(
      `not in the rejected rows, because they are too large: ${formatCount(outputs.rowsWithoutBytes)}`,
    );
  }
  if (outputs.report !== undefined) lines.push(`report: ${printableName(outputs.report.path)}`);
  return lines;
}

function nextSteps(summary: RunSummary, context: ReportContext): readonly string[] {
  if (summary.error !== undefined) return [];
  const { mode, endpoint } = summary;
  const lines: string[] = [];
  if (summary.run !== undefined) lines.push(...nextForUndelivered(summary, summary.run.id, context));
  lines.push(...nextForRejected(summary, context));
  if (mode === 'dry_run') lines.push('next: run without --dry-run to send');
  if (mode === 'deliver' && endpoint === 'validate')
    lines.push('next: run without test events to send for real');
  return lines;
}

/** A run without an error is complete: the same command does nothing more for what it left. */
function nextForUndelivered(
  { outcomes }: RunSummary,
  runId: string,
  context: ReportContext,
): readonly string[] {
  const left = UNDELIVERED.filter((outcome) => outcomes[outcome] > 0);
  if (left.length === 0) return [];
  const rows = left.map((outcome) => `${formatCount(outcomes[outcome])} ${outcomeLabel(outcome)}`).join(', ');
  const retry = `\`${retryCommand(runId, context.recall)}\` sends the rows left again (${rows})`;
  const isFinal = left.length === 1 && left[0] === 'refused';
  const isRisky = outcomes.in_doubt > 0 && context.config.eventId === 'none';
  const twice = isRisky ? '; those in doubt that arrived count twice, because they have no event_id' : '';
  return [`next: ${isFinal ? 'if the reason was not in the rows, ' : ''}${retry}${twice}`];
}

/** One line for each outcome, because each has another remedy; and where the rows are listed. */
function nextForRejected({ outcomes }: RunSummary, context: ReportContext): readonly string[] {
  const { invalid, refused, expired } = outcomes;
  if (invalid + refused + expired === 0) return [];
  const { outputs, command, config } = context;
  const [file, secondFile] = outputs.rejectedRows ?? [];
  const name = secondFile === undefined ? printableName(file?.path ?? '') : 'the files above';
  const where = file === undefined ? '' : ` in ${name}`;
  const isOne = file !== undefined && secondFile === undefined;
  const then = isOne ? 'export that file' : 'export them';
  const lines: string[] = [];
  if (invalid > 0) lines.push(`next: correct the invalid rows${where} and ${then}`);
  if (refused > 0) {
    lines.push(`next: if the reason of the API is in the refused rows, correct them${where} and ${then}`);
  }
  if (expired > 0) {
    const limit = `${config.maxEventAgeDays} days`;
    const send = isOne ? `export ${name}` : 'export them';
    lines.push(`next: export expired rows sooner (within ${limit}), or raise max_event_age_days and ${send}`);
  }
  if (file !== undefined) return lines;
  return [...lines, listing(outputs, command)];
}

function listing({ rejects }: ReportContext['outputs'], command: ReportContext['command']): string {
  if (rejects !== undefined) return `next: ${printableName(rejects.path)} names every rejected row`;
  return command === 'check'
    ? 'next: `snapcapi explain CODE` explains a reason'
    : 'next: with --rejects FILE and --rejected-rows FILE every rejected row is listed and kept';
}
