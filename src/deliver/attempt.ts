import type { AccessTokens } from '../access.js';
import { RunError } from '../errors.js';
import type { AttemptReport } from '../events.js';
import type { Bodies } from './bodies.js';
import type { Clean } from './clean.js';
import { meansSource, unauthorized, type CredentialKind } from './credential.js';
import { allRefused, exhausted, leftBehind, unrepeatable } from './give-up.js';
import type { Transport } from './http.js';
import { namedWithin } from './named.js';
import type { Progress } from './progress.js';
import { createRenewals, type Renewals, type Welcome } from './renewals.js';
import { backoffMs, createRetryBudget, type RetryBudget, type RetryTiming } from './retry.js';
import type { SizeLimit } from './size-limit.js';
import type { Trace } from './trace.js';
import type { Traffic } from './traffic.js';
import type { Answer, Batch, Sleep } from './types.js';
import { judge, type Abort, type Retry, type Verdict } from './verdict.js';

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
  readonly access: AccessTokens;
  readonly bodies: Bodies;
  readonly traffic: Traffic;
  /** Lets no request begin for so many ms. */
  readonly hold: (ms: number) => void;
  /** For how many ms no request can begin because too many failed. */
  readonly closedForMs: () => number;
  readonly sizes: SizeLimit;
  readonly timing: RetryTiming;
  readonly progress: Progress;
  readonly sleep: Sleep;
  /** Cleans texts of the answer to a batch, of which nothing is shown. */
  readonly cleanAnswerTo: (batch: Batch) => Clean;
  readonly credential: CredentialKind | undefined;
  /** Whether events that may have been stored may be sent again. */
  readonly repeatable: boolean;
  /** Whether to end a run in which nothing but refusals come. */
  readonly earlyStop: boolean;
  /** Aborts when no further request may begin. */
  readonly stopping: AbortSignal;
  readonly fail: (error: RunError) => void;
  /** Keeps an error for the end of the run, which goes on. */
  readonly remember: (error: RunError) => void;
  readonly observe: (attempt: AttemptReport) => void;
  /** Told of every request, when anybody asked. */
  readonly trace?: Trace;
  /** Doubtful failures in a row, over all batches; counted only when they cannot be repeated. */
  readonly doubts: { inARow: number };
  readonly welcome: Welcome;
};

type Report = Omit<AttemptReport, 'verdict'>;

const STOPPED = 'the run stopped first';
const KNOWN_TOO_LARGE: Reply = {
  kind: 'split',
  why: { reason: 'HTTP 413', codes: [] },
  mayHaveKept: false,
  doubt: false,
};
const MAX_DOUBTS_IN_A_ROW = 3;
/** Requests in a row that get a page from something between here and the API, until the page counts. */
const MAX_PAGES = 5;

/** Makes the function that sends parts of one batch, numbering its requests from 1. */
export function createAsk(line: Line): Ask {
  let request = 0;

  async function renewToken(refused: string): Promise<boolean> {
    return (await tokenOr(line, () => line.access.renew(refused))) !== undefined;
  }

  return async function ask(batch: Batch): Promise<Reply> {
    if (batch.events > 1 && !line.sizes.fits(batch.bytes)) return KNOWN_TOO_LARGE;
    const budget = createRetryBudget(line.timing, line.progress);
    let doubt = false;
    let reason = STOPPED;
    let body: Uint8Array | undefined;
    let failed = false;
    let pages = 0;
    const renewals = createRenewals(line.welcome, renewToken);
    for (;;) {
      const permit = await line.traffic.begin(failed, () => tokenOr(line, line.access.current));
      if (permit === undefined) return { kind: 'lost', doubt, reason };
      const { token } = permit;
      request += 1;
      const answer = await line.transport.post((body ??= line.bodies.encode(batch)), token);
      const clean = line.cleanAnswerTo(batch);
      const said = judgeAnswer(line, answer, body, clean);
      pages = isPage(said) ? pages + 1 : 0;
      const verdict = pages >= MAX_PAGES ? meaningOf(said) : unlessFinal(line, batch, said);
      const durationMs = line.traffic.end(permit, answer, verdict, batch.bytes);
      const report = reportOn(batch, request, answer, durationMs);
      line.trace?.(report, answer, clean);
      if (verdict.kind === 'abort' && (await mayRenew(verdict, doubt, token, renewals))) {
        doubt ||= verdict.doubt;
        line.observe({ ...report, verdict: 'renew', reason: verdict.reason });
        continue;
      }
      // An API that takes the events has read the body; after any other end of a request, some of it may still be on its way.
      if (verdict.kind === 'accept') line.bodies.reuse(body);
      if (verdict.kind !== 'retry') return conclude(line, batch, verdict, doubt, report);
      failed = true;
      renewals.forget();
      doubt ||= verdict.doubt;
      reason = verdict.reason;
      // It binds the others even when these events are not tried again.
      if (verdict.afterMs !== undefined) line.hold(verdict.afterMs);
      const waitMs = doubt && !line.repeatable ? undefined : budget.next(leastWaitMs(line, verdict));
      if (waitMs === undefined || hasStopped(line)) return giveUp(line, verdict, doubt, budget, report);
      line.observe({ ...report, verdict: 'retry', retryInMs: waitMs, reason });
      await line.sleep(waitMs, line.stopping);
    }
  };

  /** Another token for events that may be sent again. */
  async function mayRenew(
    refusal: Abort,
    doubt: boolean,
    token: string,
    renewals: Renewals,
  ): Promise<boolean> {
    if (!refusal.tokenRefused || ((doubt || refusal.doubt) && !line.repeatable)) return false;
    return renewals.renew(token);
  }
}

function judgeAnswer({ credential }: Line, answer: Answer, body: Uint8Array, clean: Clean): Verdict {
  return judge(answer, {
    clean,
    credential,
    // Latin-1 shows every byte as it is; only ASCII is looked for.
    wasSent: (text) =>
      text.test(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1')),
  });
}

function isPage(verdict: Verdict): boolean {
  return verdict.kind === 'retry' && verdict.otherwise !== undefined;
}

/** An answer that is too large means another try where the batch cannot be halved: for one event, or without ids. */
function unlessFinal({ repeatable }: Line, { events }: Batch, verdict: Verdict): Verdict {
  if (verdict.kind !== 'split' || !verdict.mayHaveKept || (repeatable && events > 1)) return verdict;
  return { kind: 'retry', doubt: true, unreadable: true, reason: verdict.why.reason };
}

/** What a page means that comes again and again. */
function meaningOf(verdict: Verdict): Verdict {
  return verdict.kind === 'retry' ? (verdict.otherwise ?? verdict) : verdict;
}

/** A token, or the end of the run. */
async function tokenOr(
  line: Pick<Line, 'fail'>,
  ask: () => Promise<string | undefined>,
): Promise<string | undefined> {
  try {
    return await ask();
  } catch (problem) {
    if (!(problem instanceof RunError)) throw problem;
    line.fail(problem);
    return undefined;
  }
}

function leastWaitMs(line: Line, verdict: Retry): number {
  return Math.max(verdict.afterMs ?? 0, line.closedForMs());
}

function hasStopped(line: Line): boolean {
  return line.stopping.aborted;
}

function conclude(
  line: Line,
  batch: Batch,
  verdict: Exclude<Verdict, Retry>,
  doubt: boolean,
  report: Report,
): Reply {
  line.doubts.inARow = 0;
  if (verdict.kind === 'abort') {
    line.observe({ ...report, verdict: 'abort', reason: verdict.reason });
    line.fail(verdict.error);
    return { kind: 'lost', doubt: doubt || verdict.doubt, reason: verdict.reason };
  }
  line.welcome.answers += 1;
  if (verdict.kind !== 'split') line.sizes.passed(batch.bytes);
  else if (batch.events > 1) line.sizes.tooLarge(batch.bytes);
  line.progress.advance();
  if (verdict.kind === 'accept') {
    line.observe({ ...report, verdict: 'accept' });
    line.progress.accept();
    return { ...verdict, doubt };
  }
  const { reason } = verdict.why;
  line.observe({ ...report, verdict: batch.events === 1 ? 'refuse' : 'narrow', reason });
  if (keptNothing(verdict, batch) && line.progress.refuse(sourceComplaint(line, verdict, report))) {
    if (line.earlyStop) line.fail(line.progress.sameComplaint() ?? allRefused(reason));
  }
  return { ...verdict, doubt };
}

/** Whether all events of a request are known to be refused. One that is only too large says nothing against them. */
function keptNothing(verdict: Exclude<Verdict, Retry | Abort>, batch: Batch): boolean {
  if (batch.events === 1) return verdict.kind !== 'accept';
  if (verdict.kind !== 'narrow') return false;
  return !verdict.mayHaveKept || namedWithin(batch, verdict).length === batch.events;
}

/** Under OAuth a wrong event source is worded as a finding about an event. */
function sourceComplaint(
  { credential }: Line,
  verdict: Exclude<Verdict, Retry | Abort>,
  { status = 0 }: Report,
): RunError | undefined {
  if (verdict.kind !== 'narrow') return undefined;
  const said = [verdict.why, ...verdict.named.map(({ why }) => why)].map(({ reason }) => reason);
  const complaint = said.find(meansSource);
  return complaint === undefined ? undefined : unauthorized({ status, complaint }, complaint, credential);
}

function giveUp(line: Line, verdict: Retry, doubt: boolean, budget: RetryBudget, report: Report): Reply {
  line.observe({ ...report, verdict: doubt ? 'in_doubt' : 'retry', reason: verdict.reason });
  const lost: Reply = { kind: 'lost', doubt, reason: verdict.reason };
  if (hasStopped(line)) return lost;
  if (line.repeatable || !doubt) {
    if (verdict.otherwise !== undefined) line.fail(verdict.otherwise.error);
    else if (budget.exceeded() === 'share') line.remember(leftBehind(verdict));
    else line.fail(exhausted(verdict, line.timing.retryForMs));
    return lost;
  }
  // Every further batch would be put in doubt as well: slow down, and stop when it does not get better.
  line.doubts.inARow += 1;
  line.hold(backoffMs(line.doubts.inARow, line.timing.random));
  if (line.doubts.inARow >= MAX_DOUBTS_IN_A_ROW) line.fail(unrepeatable(verdict, MAX_DOUBTS_IN_A_ROW));
  return lost;
}

function reportOn(batch: Batch, request: number, answer: Answer, durationMs: number): Report {
  const base = { batch: batch.number, request, events: batch.events, bytes: batch.bytes, durationMs };
  return answer.kind === 'response' ? { ...base, status: answer.status } : { ...base, failure: answer.code };
}
