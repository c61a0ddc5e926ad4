import { createPassLog } from './pass-log.js';

/** Part of the measured ceiling that is used after a throttled answer; of the rate, when nothing could be measured. */
const KEEP = 0.9;
const KEEP_UNMEASURED = 0.7;
/** Time of getting through until the rate is back at the ceiling. */
const RETURN_MS = 15_000;
/** Requests per second. */
const SLOWEST = 0.5;
const LEAST_STEP = 1;
const LONGEST_GAP_MS = 1000;
/** An API that counts what came in the last second goes on throttling for as long, however slow requests have become. */
const SETTLE_MS = 1000;

/** How many requests per second may begin: learned from the answers. Times in ms, by one clock. */
export type Pace = {
  readonly perSecond: () => number;
  /** The API took a request on. */
  readonly passed: (begunMs: number, nowMs: number) => void;
  /** The API turned a request away because there are too many. */
  readonly throttled: (begunMs: number, nowMs: number) => void;
};

/**
 * Starts at the given rate and never exceeds it. A throttled answer sets the ceiling to the rate at which requests got
 * through; from a little below it the rate rises along a cubic curve: soon near the ceiling, long about it, then
 * faster and faster beyond, to find out whether it has moved. Only time in which requests get through counts.
 */
export function createPace(maxPerSecond: number): Pace {
  const passes = createPassLog();
  const slowest = Math.min(SLOWEST, maxPerSecond);
  let ceiling = maxPerSecond;
  let bottom = maxPerSecond;
  let risenMs = RETURN_MS;
  let rateBefore = maxPerSecond;
  let decreasedMs = -Infinity;
  let deafUntilMs = -Infinity;
  let passedMs: number | undefined;
  let passedSince = true;

  function perSecond(): number {
    if (bottom === Infinity) return Infinity;
    const step = (risenMs / RETURN_MS - 1) ** 3;
    const height = step < 0 ? ceiling - bottom : Math.max(ceiling - bottom, LEAST_STEP);
    return Math.max(slowest, Math.min(maxPerSecond, ceiling + height * step));
  }

  function limitTo(measured: number): void {
    ceiling = Math.max(slowest, Math.min(rateBefore, measured));
    bottom = Math.max(slowest, ceiling * KEEP);
  }

  function passed(begunMs: number, nowMs: number): void {
    // A pause proves nothing about the rate, so it does not let it rise.
    const gapMs = Math.max(LONGEST_GAP_MS, 2000 / perSecond());
    if (passedMs !== undefined) risenMs += Math.min(Math.max(0, nowMs - passedMs), gapMs);
    passedMs = nowMs;
    passedSince = true;
    passes.add(nowMs);
    // What was in flight at the decrease belongs to what was measured then.
    const measured = begunMs <= decreasedMs ? passes.perSecond(nowMs) : undefined;
    if (measured !== undefined && measured > ceiling) limitTo(measured);
  }

  function throttled(begunMs: number, nowMs: number): void {
    if (begunMs <= deafUntilMs) return;
    const rate = perSecond();
    const measured = passes.perSecond(nowMs);
    if (measured === undefined) {
      // While nothing gets through the ceiling stays where it was when something last did.
      if (passedSince) ceiling = rate;
      bottom = Math.max(slowest, rate * KEEP_UNMEASURED);
    } else {
      rateBefore = rate;
      limitTo(measured);
    }
    risenMs = 0;
    decreasedMs = nowMs;
    deafUntilMs = measured === undefined ? nowMs : nowMs + SETTLE_MS;
    passedSince = false;
  }

  return { perSecond, passed, throttled };
}
