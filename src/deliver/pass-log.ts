const KEPT = 256;
const ENOUGH = 5;
const SHORT_MS = 1000;
const LONG_MS = 10_000;

/** Remembers when requests got through, to tell how many the API takes. Times in ms, ascending. */
export type PassLog = {
  readonly add: (nowMs: number) => void;
  /** Requests per second that got through lately, or undefined when too few did to tell. */
  readonly perSecond: (nowMs: number) => number | undefined;
};

/** An empty log. It looks back one or two seconds, and ten where there was too little in the last one. */
export function createPassLog(): PassLog {
  const times = new Float64Array(KEPT);
  let total = 0;
  let firstMs = 0;

  function add(nowMs: number): void {
    if (total === 0) firstMs = nowMs;
    times[total % KEPT] = nowMs;
    total += 1;
  }

  function countSince(sinceMs: number): number {
    const kept = Math.min(total, KEPT);
    let count = 0;
    while (count < kept && (times[(total - 1 - count) % KEPT] ?? -Infinity) > sinceMs) count += 1;
    return count;
  }

  function perSecond(nowMs: number): number | undefined {
    const short = countSince(nowMs - SHORT_MS);
    // A full log covers less than a second, at a rate that its oldest entry tells.
    if (short === KEPT) return (KEPT * 1000) / Math.max(1, nowMs - (times[total % KEPT] ?? nowMs));
    // The better of two looks: in a second of trouble less got through than would have.
    if (short >= ENOUGH) return Math.max(short, countSince(nowMs - 2 * SHORT_MS) / 2);
    const long = countSince(nowMs - LONG_MS);
    if (long < ENOUGH) return undefined;
    return (long * 1000) / Math.min(LONG_MS, Math.max(SHORT_MS, nowMs - firstMs));
  }

  return { add, perSecond };
}
