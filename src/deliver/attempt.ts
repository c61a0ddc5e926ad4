import { RunError } from '../errors.js';
import type { AttemptReport } from '../events.js';
import { encodeBody } from './batch.js';
import type { Clean } from './clean.js';
import type { Transport } from './http.js';
import type { RateLimiter } from './rate.js';
import { backoffMs, createRetryBudget, type RetryTiming } from './retry.js';
import type { Answer, Batch, Clock, Sleep } from './types.js';
import { judge, type Verdict } from './verdict.js';

/** What became of a request in the end, after retries. `doubt`: some try may have stored its events. */
export type Reply = { readonly doubt: boolean } & (
  | Extract<Verdict, { readonly kind: 'accept' | 'narrow' | 'split' }>
  /** No answer that settles anything, and no further try. */
  | { readonly kind: 'lost'; readonly reason: string }
);

export type Ask = (batch: Batch) => Promise<Reply>;

/** What all requests of a run share. */
export type Line = {
  readonly transport: Transport;
  readonly limiter: RateLimiter;
  readonly timing: RetryTiming;
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly random: () => number;
  readonly clean: Clean;
  /** Whether events that may have been stored may be sent again. */
  readonly repeatable: boolean;
  /** Aborts when no further request may begin. */
  readonly stopping: AbortSignal;
  readonly fail: (error: RunError) => void;
  readonly observe: (attempt: AttemptReport) => void;
  /** Doubtful failures in a row, over all batches; counted only when they cannot be repeated. */
  readonly doubts: { inARow: number };
};

type Retry = Extract<Verdict, { readonly kind: 'retry' }>;

const STOPPED = 'the run stopped first';
const MAX_DOUBTS_IN_A_ROW = 3;

/** Makes the function that sends parts of one batch, numbering its requests from 1. */
export function createAsk(line: Line): Ask {
  let request = 0;

  return async function ask(batch: Batch): Promise<Reply> {
    const budget = createRetryBudget(line.timing);
    let doubt = false;
    let reason = STOPPED;
    let body: Uint8Array | undefined;
    for (;;) {
      await line.limiter.take(line.stopping);
      if (hasStopped(line)) return { kind: 'lost', doubt, reason };
      request += 1;
      const startedMs = line.clock();
      const answer = await line.transport.post((body ??= encodeBody(batch)));
      const verdict = judge(answer, line.clean);
      const report = reportOn(batch, request, answer, line.clock() - startedMs);
      if (verdict.kind !== 'retry') return conclude(line, batch, verdict, doubt, report);
      doubt ||= verdict.doubt;
      reason = verdict.reason;
      const waitMs = doubt && !line.repeatable ? undefined : budget.next(verdict.afterMs);
      if (waitMs === undefined || hasStopped(line)) {
        return giveUp(line, verdict, doubt, report);
      }
      line.observe({ ...report, verdict: 'retry', retryInMs: waitMs, reason });
      if (verdict.afterMs !== undefined) line.limiter.hold(verdict.afterMs);
      await line.sleep(waitMs, line.stopping);
    }
  };
}

function hasStopped(line: Line): boolean {
  return line.stopping.aborted;
}

function conclude(
  line: Line,
  batch: Batch,
  verdict: Exclude<Verdict, Retry>,
  doubt: boolean,
  report: Omit<AttemptReport, 'verdict'>,
): Reply {
  line.doubts.inARow = 0;
  if (verdict.kind === 'accept') {
    line.observe({ ...report, verdict: 'accept' });
    return { ...verdict, doubt };
  }
  if (verdict.kind === 'abort') {
    line.observe({ ...report, verdict: 'abort', reason: verdict.reason });
    line.fail(verdict.error);
    return { kind: 'lost', doubt, reason: verdict.reason };
  }
  line.observe({ ...report, verdict: batch.events === 1 ? 'refuse' : 'narrow', reason: verdict.why.reason });
  return { ...verdict, doubt };
}

function giveUp(line: Line, verdict: Retry, doubt: boolean, report: Omit<AttemptReport, 'verdict'>): Reply {
  line.observe({ ...report, verdict: doubt ? 'in_doubt' : 'retry', reason: verdict.reason });
  const lost: Reply = { kind: 'lost', doubt, reason: verdict.reason };
  if (hasStopped(line)) return lost;
  if (line.repeatable || !doubt) {
    line.fail(exhausted(verdict, line.timing.retryForMs));
    return lost;
  }
  // Every further batch would be put in doubt as well: slow down, and stop when it does not get better.
  line.doubts.inARow += 1;
  line.limiter.hold(Math.max(verdict.afterMs ?? 0, backoffMs(line.doubts.inARow, line.random)));
  if (line.doubts.inARow >= MAX_DOUBTS_IN_A_ROW) line.fail(unrepeatable(verdict));
  return lost;
}

function reportOn(
  batch: Batch,
  request: number,
  answer: Answer,
  durationMs: number,
): Omit<AttemptReport, 'verdict'> {
  const base = { batch: batch.number, request, events: batch.events, bytes: batch.bytes, durationMs };
  return answer.kind === 'response' ? { ...base, status: answer.status } : { ...base, failure: answer.code };
}

function exhausted(verdict: Retry, retryForMs: number): RunError {
  const seconds = Math.round(retryForMs / 1000);
  const asked =
    verdict.afterMs === undefined ? '' : `, asking to wait ${Math.ceil(verdict.afterMs / 1000)} s`;
  return new RunError(
    verdict.unreadable ? 'unreadable_answers' : 'service_unavailable',
    `no usable answer from the API within the ${seconds} s for retries (last: ${verdict.reason}${asked})`,
  );
}

function unrepeatable(verdict: Retry): RunError {
  return new RunError(
    verdict.unreadable ? 'unreadable_answers' : 'service_unavailable',
    `${MAX_DOUBTS_IN_A_ROW} requests in a row had no readable answer (${verdict.reason}), ` +
      'and events without event_id are not sent twice',
  );
}
