import type { Clock, Sleep } from './types.js';

const FAILURES = 5;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

/** `open`: no request begins. `half_open`: one at a time, to find out. */
export type BreakerState = 'closed' | 'open' | 'half_open';

/** Leave to begin one request. */
export type Pass = { readonly probe: boolean };

export type Breaker = {
  /** Waits until a request may begin, or until the signal aborts. */
  readonly enter: () => Promise<Pass>;
  /** Whether the leave is still good: while a request waited for something else the circuit may have opened. */
  readonly allows: (pass: Pass) => boolean;
  /** What became of the request. `neither`: it says nothing about the health of the API. */
  readonly leave: (pass: Pass, outcome: 'success' | 'failure' | 'neither') => void;
  /** Time in ms for which no request can begin. */
  readonly closedForMs: () => number;
};

export type BreakerOptions = {
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly signal: AbortSignal;
  /** Called at each change of the state. */
  readonly observe?: (state: BreakerState) => void;
};

/**
 * Opens after five failures in a row, over all batches; for one second at first, and twice as long each time a probe
 * fails, up to 30 s. A probe that succeeds closes the circuit. Answers to requests from before it opened change nothing.
 */
export function createBreaker(options: BreakerOptions): Breaker {
  const { clock, sleep, signal, observe = () => undefined } = options;
  let state: BreakerState = 'closed';
  let failures = 0;
  let openings = 0;
  let openUntilMs = 0;
  let probing = false;
  let waiting: (() => void)[] = [];

  function wake(): void {
    const woken = waiting;
    waiting = [];
    for (const go of woken) go();
  }

  function become(next: BreakerState): void {
    if (state !== next) observe((state = next));
  }

  function open(): void {
    openings += 1;
    openUntilMs = clock() + Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (openings - 1));
    become('open');
  }

  function close(): void {
    failures = 0;
    openings = 0;
    become('closed');
  }

  function closedForMs(): number {
    return state === 'open' ? Math.max(0, Math.ceil(openUntilMs - clock())) : 0;
  }

  async function enter(): Promise<Pass> {
    while (!signal.aborted && state !== 'closed') {
      const pauseMs = closedForMs();
      if (pauseMs > 0) {
        await sleep(pauseMs, signal);
      } else if (probing) {
        await new Promise<void>((resolve) => void waiting.push(resolve));
      } else {
        probing = true;
        become('half_open');
        return { probe: true };
      }
    }
    return { probe: false };
  }

  function leave(pass: Pass, outcome: 'success' | 'failure' | 'neither'): void {
    if (pass.probe) {
      probing = false;
      if (outcome === 'success') close();
      if (outcome === 'failure') open();
      wake();
    } else if (state === 'closed' && outcome === 'success') {
      failures = 0;
    } else if (state === 'closed' && outcome === 'failure') {
      failures += 1;
      if (failures >= FAILURES) open();
    }
  }

  signal.addEventListener('abort', wake, { once: true });
  return { enter, allows: (pass) => pass.probe || state === 'closed', leave, closedForMs };
}
