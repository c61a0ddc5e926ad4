import type { RunError } from '../errors.js';
import type { AttemptReport, ExchangeReport, RunEvent } from '../events.js';
import { formatIssue, ISSUES, type Issue } from '../issues.js';
import { formatBytes, formatDuration, formatPlace, printableName } from '../report/format.js';
import { issueRecord } from '../report/rejects.js';
import { errorRecord } from '../report/run-report.js';
import { errorText } from './errors.js';
import type { Io } from './io.js';
import type { ReportingFlags } from './options.js';
import { hasColor, paint, safeText } from './terminal.js';

/** The messages of a command on standard error. */
export type Log = {
  readonly event: (event: RunEvent) => void;
  readonly error: (error: RunError) => void;
  /** The summary: as data in a JSON log, else as a text for people, if there is one. */
  readonly summary: (text: string | undefined, record: object) => void;
  /** How far a run is, from time to time; only in JSON logs, people see a line. */
  readonly progress: (counts: object) => void;
  /** A remark for people; left out of JSON logs. */
  readonly remark: (text: string) => void;
};

/** The log in the form the flags ask for. `say` writes to standard error. */
export async function createLog(flags: ReportingFlags, io: Io, say: (text: string) => void): Promise<Log> {
  if (flags.logFormat !== 'json') return createTextLog(flags, io, say);
  const { createJsonLog } = await import('./json-log.js');
  return createJsonLog(flags, io, say);
}

function createTextLog(flags: ReportingFlags, io: Io, say: (text: string) => void): Log {
  const colored = hasColor(io);
  const quiet = flags.quiet === true;
  return {
    event: (event) => {
      if (quiet) return;
      if (event.type === 'plan_warning') say(warningText(event.file, event.issue, colored));
      else if (event.type === 'journal_warning') say(journalText(event.message, colored));
      else if (event.type === 'credential_used_up') say(usedUpText(colored));
      else if (event.type === 'access_delayed') say(delayedText(event, colored));
      else if (flags.debug === true || (flags.verbose === true && event.type !== 'exchange')) {
        const text = event.type === 'exchange' ? exchangeText(event.exchange) : detailText(event);
        if (text !== undefined) say(`${safeText(text)}\n`);
      }
    },
    error: (error) => {
      say(errorText(error, colored));
    },
    summary: (text) => {
      if (!quiet && flags.json !== true && text !== undefined) say(safeText(text));
    },
    progress: () => undefined,
    remark: (text) => {
      if (!quiet) say(safeText(text));
    },
  };
}

function warningText(file: string, issue: Issue, colored: boolean): string {
  const label = paint(`warning[${issue.code}]`, 'yellow', colored);
  const text = `${printableName(file)}: ${formatIssue(issue).replace(/([^.?])$/, '$1.')} ${ISSUES[issue.code].fix}`;
  return `${label}: ${safeText(text)}\n`;
}

function journalText(message: string, colored: boolean): string {
  return `${paint('warning[journal]', 'yellow', colored)}: ${safeText(message)}\n`;
}

function usedUpText(colored: boolean): string {
  return `${paint('warning[credential]', 'yellow', colored)}: the authorization server replaced the refresh token, so the one in SNAPCAPI_OAUTH_REFRESH_TOKEN may be used up; a stored credential (\`snapcapi auth login\`) keeps the new one\n`;
}

function delayedText(
  { reason, retryInMs }: Extract<RunEvent, { readonly type: 'access_delayed' }>,
  colored: boolean,
): string {
  return `${paint('warning[credential]', 'yellow', colored)}: ${safeText(reason)}; trying again in ${formatDuration(retryInMs)}\n`;
}

const BREAKER_TEXTS = {
  open: 'too many requests failed in a row: requests are paused',
  half_open: 'sending one request',
  closed: 'requests continue',
} as const;

/** What --verbose adds. */
function detailText(event: RunEvent): string | undefined {
  switch (event.type) {
    case 'input_opened':
      return `reading ${printableName(event.file)}: ${event.format}${event.columns === undefined ? '' : `, ${event.columns} columns`}`;
    case 'attempt':
      return attemptText(event.attempt);
    case 'row_rejected':
      return `${event.outcome} ${formatPlace(event.place)}: ${event.issues.map(formatIssue).join('; ')}`;
    case 'breaker':
      return BREAKER_TEXTS[event.state];
    case 'access_renewed':
      return 'the access token was refreshed';
    case 'stopping':
      return `stopping: ${event.why.replaceAll('_', ' ')}`;
    default:
      return undefined;
  }
}

function attemptText(attempt: AttemptReport): string {
  const answer = attempt.status ?? attempt.failure ?? 'no answer';
  const wait = attempt.retryInMs === undefined ? '' : ` in ${formatDuration(attempt.retryInMs)}`;
  const reason = attempt.reason === undefined ? '' : ` (${attempt.reason})`;
  return `batch ${attempt.batch} request ${attempt.request}: ${attempt.events} events, ${formatBytes(attempt.bytes)}, ${answer} after ${formatDuration(attempt.durationMs)}: ${attempt.verdict.replace('_', ' ')}${wait}${reason}`;
}

function exchangeText(one: ExchangeReport): string {
  const sent = `${one.method} ${one.host}${one.path}: batch ${one.batch} request ${one.request}, ${formatBytes(one.bytes)}`;
  const cut = one.truncated === true ? ', cut short' : '';
  const came =
    one.status === undefined
      ? (one.failure ?? 'no answer')
      : `HTTP ${one.status}, ${formatBytes(one.answerBytes ?? 0)}${cut}`;
  const said = one.answer === undefined || one.answer === '' ? '' : `: ${one.answer}`;
  return `debug: ${sent}, connections opened: ${one.connections}; ${came} after ${formatDuration(one.durationMs)}${said}`;
}

/** An event as the fields of a log record; `undefined` for events that only feed the progress. */
export function eventRecord(event: RunEvent): object | undefined {
  switch (event.type) {
    case 'rows_read':
    case 'rows_sent':
    case 'event_answer':
      return undefined;
    case 'attempt':
      return { event: event.type, ...event.attempt };
    case 'exchange':
      return { event: event.type, ...event.exchange };
    case 'row_rejected':
      return {
        event: event.type,
        ...event.place,
        outcome: event.outcome,
        issues: event.issues.map(issueRecord),
      };
    case 'plan_warning':
      return { event: event.type, file: event.file, ...issueRecord(event.issue) };
    default: {
      const { type, ...fields } = event;
      return { event: type, ...fields };
    }
  }
}

/** An error as the fields of a log record. */
export function errorFields(error: RunError): object {
  return { event: 'error', exitCode: error.exitCode, ...errorRecord(error) };
}
