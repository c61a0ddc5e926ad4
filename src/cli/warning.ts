import type { ConfigWarning } from '../config/exposed.js';
import type { Io } from './io.js';
import type { ReportingFlags } from './options.js';
import { hasColor, paint, safeText } from './terminal.js';

/** Tells about something that is no error, on standard error, in the form the flags ask for. */
export function warn({ code, message, fix }: ConfigWarning, flags: ReportingFlags, io: Io): void {
  if (flags.quiet === true) return;
  if (flags.logFormat === 'json') {
    const time = new Date(io.clock()).toISOString();
    io.stderr.write(`${JSON.stringify({ level: 'warn', time, event: 'warning', code, message, fix })}\n`);
    return;
  }
  const label = paint(`warning[${code}]`, 'yellow', hasColor(io));
  io.stderr.write(`${label}: ${safeText(`${message}\n  fix: ${fix}`)}\n`);
}
