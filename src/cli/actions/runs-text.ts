import { shellQuote } from '../../files/private.js';
import type { RunListing } from '../../journal/runs.js';
import type { RunFacts } from '../../journal/types.js';
import { alignColumns, formatCount, formatDuration, outcomeLabel } from '../../report/format.js';
import { retryCommand } from '../../report/job-text.js';
import { hasUsedVariables } from '../../resume/settings.js';
import { hostOf, isoTime, rowCounts, statusText, undelivered } from './runs-facts.js';

/**
 * A run for people: what it was made from, how far it came, and what to do next. `stateDir`: the flag with which further
 * commands find it.
 */
export function runText(listing: RunListing, stateDir: string): string {
  const { warnings, end } = listing;
  const rows = Object.entries(rowCounts(listing)).map(([outcome, count]) => [
    `  ${outcomeLabel(outcome)}`,
    formatCount(count),
  ]);
  const title = end === undefined ? 'Events of the batches started so far' : 'Rows';
  const sections = [
    alignColumns(factRows(listing), []),
    [title, ...alignColumns(rows, [1])],
    warnings.length === 0 ? [] : ['Warnings', ...warnings.map((text) => `  ${text}`)],
    nextSteps(listing, stateDir).map((text) => `next: ${text}`),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function factRows(listing: RunListing): readonly (readonly string[])[] {
  const { runId, run, end, batches, journal } = listing;
  const rows: (readonly string[])[] = [
    ['run', runId],
    ['status', statusText(listing)],
  ];
  if (run !== undefined) {
    const { settings } = run;
    const endpoint = settings['sendTestEvents'] === 'true' ? ', test events' : '';
    rows.push(['started', isoTime(run.createdMs)]);
    if (end !== undefined) rows.push(['ended', endText(run.createdMs, end)]);
    rows.push(['as of', isoTime(run.asOfMs)], ['program', `snapcapi ${run.version}`]);
    for (const { realPath } of run.inputs) rows.push(['input', realPath ?? 'standard input']);
    rows.push([
      'event source',
      `${settings['eventSourceId'] ?? ''} (${settings['eventSourceType'] ?? ''}${endpoint}) at ${hostOf(settings['apiBaseUrl'] ?? '')}`,
    ]);
    if (run.retryOf !== undefined) rows.push(['retry of', run.retryOf]);
  }
  rows.push(['batches', formatCount(batches)], ['journal', journal]);
  return rows;
}

function endText(createdMs: number, end: NonNullable<RunListing['end']>): string {
  return `${isoTime(end.atMs)} (after ${formatDuration(end.atMs - createdMs)}), exit code ${end.exitCode}`;
}

function nextSteps(listing: RunListing, place: string): readonly string[] {
  const { runId, run, status, end, lockedBy } = listing;
  if (lockedBy !== undefined && status !== 'complete')
    return [`wait for process ${lockedBy}, or stop it: nothing is lost`];
  if (run === undefined)
    return [`\`snapcapi runs clean --all${place}\` removes it; exporting the input again starts a new run`];
  if (listing.givenUp === true)
    return [
      'nothing resumes it, because its job exported other rows since; export the rows that were not sent, if they are still needed',
    ];
  const retry = `${retryText(runId, run, place)}${doubtOf(listing)}`;
  const steps: string[] = [];
  const isOpen = status === 'unfinished' || status === 'incomplete';
  if (isOpen) steps.push(`to resume: ${sameCommand(run, place)}`);
  if (status === 'stopped')
    steps.push(
      `\`snapcapi explain ${end?.exitCode ?? ''}\` lists the reasons; correct the input and export it`,
    );
  if (!(isOpen && run.retryOf !== undefined) && undelivered(listing) > 0)
    steps.push(`${steps.length > 0 ? 'or ' : ''}to send what was valid and not delivered: ${retry}`);
  return steps.length > 0 ? steps : ['nothing: all its valid rows were delivered'];
}

/** The command that resumes a run: the one that started it. */
function sameCommand(run: RunFacts, place: string): string {
  if (run.retryOf !== undefined) return retryText(run.retryOf, run, place);
  const files = run.inputs.map(({ realPath }) => (realPath === null ? '-' : shellQuote(realPath)));
  const piped = files.includes('-') ? ', with the same rows or the next ones piped in' : '';
  return `snapcapi export ${files.join(' ')} --config FILE${place}, with the same flags${piped}`;
}

/** Only a hash of the variables is known, so they have to be given again. */
function retryText(runId: string, { settings }: RunFacts, stateDir: string): string {
  const variables = hasUsedVariables(settings) ? ', with the same variables (--var)' : '';
  return `${retryCommand(runId, { config: '--config FILE', stateDir })}${variables}`;
}

function doubtOf({ run, events, end }: RunListing): string {
  const inDoubt = Math.max(events.inDoubt, end?.outcomes['in_doubt'] ?? 0);
  if (inDoubt === 0 || run?.settings['eventId'] !== 'none') return '';
  return '; rows in doubt that arrived count twice, because they have no event_id';
}
