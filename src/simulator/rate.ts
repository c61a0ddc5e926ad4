/** Says whether a request at this time (epoch milliseconds) is within the limit. */
export type RateLimit = (nowMs: number) => boolean;

const WINDOW_MS = 1000;

/** Allows so many requests in any window of one second; refused requests do not count. A limit below 1 stretches the window. */
export function createRateLimit(perSecond: number): RateLimit {
  const places = Math.max(1, Math.floor(perSecond));
  const windowMs = (places / perSecond) * WINDOW_MS;
  const admitted: number[] = new Array<number>(places).fill(-Infinity);
  let next = 0;
  return (nowMs) => {
    const oldest = admitted[next] ?? -Infinity;
    if (nowMs - oldest < windowMs) return false;
    admitted[next] = nowMs;
    next = (next + 1) % places;
    return true;
  };
}
