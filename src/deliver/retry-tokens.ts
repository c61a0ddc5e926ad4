import type { Clock, Sleep } from './types.js';

const MOST = 20;
const PER_SUCCESS = 0.2;
const PER_SECOND = 2;
const LONGEST_NAP_MS = 1000;

/** What retries of all batches together may cost the API. */
export type RetryTokens = {
  /** Waits for the turn of one retry, or until the signal aborts; in the order of asking. */
  readonly take: (signal: AbortSignal) => Promise<void>;
  /** Adds the share of one request that got through. */
  readonly earn: () => void;
};

/**
 * A bucket of 20 tokens, full at first. A retry costs one, a request that got through adds a fifth, a second adds two:
 * a failing API gets few retries beside its other requests, but never none.
 */
export function createRetryTokens(timing: { readonly clock: Clock; readonly sleep: Sleep }): RetryTokens {
  const { clock, sleep } = timing;
  let tokens = MOST;
  let atMs = clock();
  let turn: Promise<void> = Promise.resolve();

  function add(count: number): void {
    tokens = Math.min(MOST, tokens + count);
  }

  function missing(): number {
    const nowMs = clock();
    add((Math.max(0, nowMs - atMs) * PER_SECOND) / 1000);
    atMs = nowMs;
    return 1 - tokens;
  }

  async function waitForToken(signal: AbortSignal): Promise<void> {
    for (let lack = missing(); lack > 0 && !signal.aborted; lack = missing()) {
      // Requests that get through may fill the bucket sooner.
      await sleep(Math.min(LONGEST_NAP_MS, Math.ceil((lack * 1000) / PER_SECOND)), signal);
    }
    tokens -= 1;
  }

  function take(signal: AbortSignal): Promise<void> {
    turn = turn.then(() => waitForToken(signal));
    return turn;
  }

  return {
    take,
    earn: () => {
      add(PER_SUCCESS);
    },
  };
}
