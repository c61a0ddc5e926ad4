import type { AccessTokens } from '../access.js';
import type { AttemptReport, ExchangeReport } from '../events.js';
import type { Secrets } from '../secrets.js';
import type { Line } from './attempt.js';
import { createBodies } from './bodies.js';
import { createBreaker, type BreakerState } from './breaker.js';
import { createCleaner, type Clean } from './clean.js';
import type { CredentialKind } from './credential.js';
import type { Transport } from './http.js';
import { createEchoFilter } from './echo.js';
import { createPace } from './pace.js';
import { createProgress } from './progress.js';
import { createRateLimiter } from './rate.js';
import { createRetryTokens } from './retry-tokens.js';
import { DEFAULT_RETRY_FOR_MS } from './retry.js';
import { createSizeLimit } from './size-limit.js';
import type { Stop } from './stop.js';
import { sleepFor } from './time.js';
import { createTrace, type Trace } from './trace.js';
import { createTraffic } from './traffic.js';
import type { Batch, Clock, Sleep } from './types.js';
import { createWindow } from './window.js';

export type LineOptions = {
  /** From `eventsUrl`. */
  readonly url: string;
  readonly access: AccessTokens;
  readonly secrets: Pick<Secrets, 'scrub'>;
  readonly credential?: CredentialKind;
  readonly maxRequestsPerSecond: number;
  readonly retryForMs?: number;
  readonly repeatable: boolean;
  readonly earlyStop?: boolean;
  readonly observe?: (attempt: AttemptReport) => void;
  readonly observeExchange?: (exchange: ExchangeReport) => void;
  readonly observeLine?: (state: BreakerState) => void;
  readonly clock?: Clock;
  readonly sleep?: Sleep;
  readonly random?: () => number;
};

/** Sets up what all requests of a run share, at most `concurrency` of them in flight. */
export function createLine(
  options: LineOptions,
  concurrency: number,
  transport: Transport,
  stop: Stop,
): Line {
  const { clock = monotonic, sleep = sleepFor, random = Math.random } = options;
  const { maxRequestsPerSecond, repeatable, retryForMs = DEFAULT_RETRY_FOR_MS } = options;
  const stopping = stop.signal;
  const pace = createPace(maxRequestsPerSecond);
  const limiter = createRateLimiter({ maxRequestsPerSecond, perSecond: pace.perSecond, clock, sleep });
  const { observeLine } = options;
  const breaker = createBreaker({
    clock,
    sleep,
    signal: stopping,
    ...(observeLine !== undefined && { observe: observeLine }),
  });
  const window = createWindow(concurrency);
  const tokens = createRetryTokens({ clock, sleep });
  const cleanAnswerTo = (batch: Batch): Clean => createCleaner(options.secrets, createEchoFilter(batch));
  const trace = traceFor(options, transport);
  return {
    transport,
    access: options.access,
    bodies: createBodies(),
    traffic: createTraffic({ pace, limiter, window, breaker, tokens, clock, stopping }),
    hold: limiter.hold,
    closedForMs: breaker.closedForMs,
    sizes: createSizeLimit(),
    timing: { retryForMs, clock, random },
    progress: createProgress(clock),
    sleep,
    cleanAnswerTo,
    credential: options.credential,
    repeatable,
    earlyStop: options.earlyStop ?? true,
    stopping,
    fail: stop.fail,
    remember: stop.remember,
    observe: options.observe ?? (() => undefined),
    ...(trace !== undefined && { trace }),
    doubts: { inARow: 0 },
    welcome: { answers: 0 },
  };
}

function traceFor(options: LineOptions, transport: Transport): Trace | undefined {
  const { url, observeExchange: observe } = options;
  const connections = transport.connections ?? (() => 0);
  return observe === undefined ? undefined : createTrace({ url, connections, observe });
}

function monotonic(): number {
  return performance.now();
}
