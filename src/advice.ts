import { isRepeatable } from './delivery.js';
import { ERRORS, RunError, type ErrorCode } from './errors.js';
import { quoteName } from './printable.js';
import type { ExportOptions, RunSummary } from './summary.js';

/** Errors after which nothing has to be corrected in the rows, with what to look at first. */
const RESUMABLE: Partial<Record<ErrorCode, string>> = {
  interrupted: '',
  terminated: '',
  answer_in_doubt: '',
  service_unavailable: '',
  authorization_unavailable: 'Check the network and any proxy. ',
  unreadable_answers: 'Check api_base_url and any proxy. ',
  input_io: 'Check the disk or the program that writes the pipe. ',
  output_io: 'Free disk space. ',
};

/**
 * The summary with advice that can be followed literally: what the same command would do depends on the journal, on event IDs
 * and on what was sent.
 */
export function withAdvice(summary: RunSummary, options: ExportOptions): RunSummary {
  const { error, mode } = summary;
  if (error === undefined || mode !== 'deliver') return summary;
  const fix = fixFor(error, summary, options);
  if (fix === error.fix) return summary;
  const { code, message, place } = error;
  return { ...summary, error: new RunError(code, message, { place, fix }) };
}

function fixFor(error: RunError, summary: RunSummary, options: ExportOptions): string {
  const check = RESUMABLE[error.code];
  const isGeneral = error.fix === ERRORS[error.code].fix;
  if (check !== undefined && isGeneral) return `${check}${wayOn(summary, options)}`;
  if (isRepeatable(options.config)) return error.fix;
  if (error.fix.includes('--force'))
    return `${error.fix.replace(/ \(events keep their ids\)/i, '')} The events have no event_id: with --force, rows that were delivered count twice.`;
  if (mayHaveArrived(summary) === 0) return error.fix;
  return `${error.fix} The events have no event_id: do not export rows again that were sent, or they count twice.`;
}

function wayOn(summary: RunSummary, options: ExportOptions): string {
  if (summary.run !== undefined) return `${resuming(options)}${aboutDoubt(summary, options)}`;
  if (mayHaveArrived(summary) === 0) return 'Run the same command again.';
  if (isRepeatable(options.config))
    return 'Run the same command again: it sends all rows again, and events with the same event_id are counted once within 48 hours.';
  return `The events have no event_id, so a second run of all rows counts them twice. Export only what was not sent: the rejected rows that are not attempted (--rejected-rows keeps them, --rejects names them)${unread(summary, options)}. Rows in doubt may have arrived.`;
}

function resuming({ inputs, journaling }: ExportOptions): string {
  const piped = journaling?.retry === undefined && inputs.some(({ path }) => path === undefined);
  return `Run the same command again${piped ? ', with the same rows piped in' : ''}: it resumes where it stopped.`;
}

/** Rows in doubt are sent again only when that can do no harm; else somebody has to decide. */
function aboutDoubt({ outcomes }: RunSummary, { config, journaling }: ExportOptions): string {
  if (outcomes.in_doubt === 0) return '';
  const decide = '--in-doubt resend sends them again, --in-doubt drop gives them up';
  if (!isRepeatable(config))
    return ` Rows in doubt may have arrived and have no event_id, so they are held: ${decide}. Those that arrived would count twice.`;
  if (journaling?.inDoubt === 'hold') return ` Rows in doubt are held: ${decide}.`;
  return ` Rows in doubt are sent again within 48 hours, when the same event_id is counted once. Later they are held: ${decide}.`;
}

function unread({ inputs }: RunSummary, options: ExportOptions): string {
  const last = inputs.findLastIndex(({ rows }) => rows > 0);
  const input = inputs[last];
  if (input === undefined) return '';
  const further = last < options.inputs.length - 1 ? ' and the inputs after it' : '';
  return `, and the rows after row ${input.rows} of ${quoteName(input.file)}${further}`;
}

function mayHaveArrived({ outcomes }: RunSummary): number {
  return outcomes.sent + outcomes.in_doubt;
}
