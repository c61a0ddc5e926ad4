import { RunError } from '../errors.js';
import { hintFor } from '../network/explain.js';
import type { Retry } from './verdict.js';

/** The error for events without event_id of which it is not known whether they arrived, several times in a row. */
export function unrepeatable(verdict: Retry, inARow: number): RunError {
  return new RunError(
    codeFor(verdict),
    `${inARow} requests in a row had no readable answer (${verdict.reason}), ` +
      'and events without event_id are not sent twice',
  );
}

/** The error for a run in which nothing got through for the whole time budget, in ms. */
export function exhausted(verdict: Retry, retryForMs: number): RunError {
  const seconds = Math.round(retryForMs / 1000);
  return new RunError(
    codeFor(verdict),
    `no usable answer from the API within the ${seconds} s for retries (last: ${last(verdict)})${hint(verdict)}`,
  );
}

/** The error for events that used up their share of the time although others got through. */
export function leftBehind(verdict: Retry): RunError {
  return new RunError(
    codeFor(verdict),
    `some events got no usable answer in several times the budget for retries, while others got through ` +
      `(last: ${last(verdict)})${hint(verdict)}`,
  );
}

/** The error for a run in which nothing is accepted any more. `reason` is what the API said last, cleaned. */
export function allRefused(reason: string): RunError {
  return new RunError(
    'all_refused',
    `the API refused everything since it last accepted an event (last: ${reason})`,
  );
}

function codeFor(verdict: Retry): 'unreadable_answers' | 'service_unavailable' {
  return verdict.unreadable ? 'unreadable_answers' : 'service_unavailable';
}

function hint({ reason }: Retry): string {
  const text = hintFor(reason);
  return text && `: ${text}`;
}

function last({ reason, afterMs }: Retry): string {
  return afterMs === undefined ? reason : `${reason}, asking to wait ${Math.ceil(afterMs / 1000)} s`;
}
