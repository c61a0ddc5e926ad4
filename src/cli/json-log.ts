import { pino } from 'pino';

import type { RunEvent } from '../events.js';
import { harmlessJson } from '../report/json-text.js';
import type { Io } from './io.js';
import { errorFields, eventRecord, type Log } from './log.js';
import type { ReportingFlags } from './options.js';

/** One JSON object a line: `level`, `time` (ISO), `event`, and the fields of the event. */
export function createJsonLog(flags: ReportingFlags, io: Io, say: (text: string) => void): Log {
  const logger = pino(
    {
      level:
        flags.quiet === true ? 'error' : flags.debug === true || flags.verbose === true ? 'debug' : 'info',
      base: null,
      messageKey: 'message',
      formatters: { level: (label) => ({ level: label }) },
      timestamp: () => `,"time":"${new Date(io.clock()).toISOString()}"`,
    },
    {
      write: (line) => {
        say(harmlessJson(line));
      },
    },
  );
  return {
    event: (event) => {
      const record = eventRecord(event);
      if (record !== undefined) logger[levelOf(event)](record);
    },
    error: (error) => {
      logger.error(errorFields(error));
    },
    summary: (_, record) => {
      logger.info({ event: 'summary', ...record });
    },
    progress: (counts) => {
      logger.info({ event: 'progress', ...counts });
    },
    remark: () => undefined,
  };
}

const WARNINGS: ReadonlySet<RunEvent['type']> = new Set([
  'plan_warning',
  'journal_warning',
  'credential_used_up',
  'access_delayed',
]);
const ORDINARY: ReadonlySet<string> = new Set(['accept', 'renew']);

function levelOf(event: RunEvent): 'debug' | 'info' | 'warn' {
  if (WARNINGS.has(event.type)) return 'warn';
  if (event.type === 'attempt') return ORDINARY.has(event.attempt.verdict) ? 'debug' : 'warn';
  return event.type === 'row_rejected' || event.type === 'exchange' ? 'debug' : 'info';
}
