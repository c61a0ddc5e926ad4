const JUMP = 3;
const IN_A_ROW = 2;
const ENOUGH = 8;
/** Below this a multiple of the usual is noise. */
const LEAST_JUMP_MS = 100;
const WEIGHT = 1 / 32;

type Usual = { ms: number; seen: number; slowInARow: number };

/** Tells a jump of the time that answers take. */
export type LatencyWatch = {
  /** Takes the duration of a request of so many bytes; tells whether requests have become much slower than is usual. */
  readonly jumped: (bytes: number, durationMs: number) => boolean;
};

/**
 * Compares each duration with what is usual for requests of about that size; two in a row above three times the usual are
 * a jump. The usual follows slowly, so that an API that stays slower ceases to be remarkable.
 */
export function createLatencyWatch(): LatencyWatch {
  const usualBySize = new Map<number, Usual>();

  function jumped(bytes: number, durationMs: number): boolean {
    // Sizes within a factor of four are alike.
    const size = Math.ceil(Math.log2(bytes + 1) / 2);
    const usual = usualBySize.get(size);
    if (usual === undefined) {
      usualBySize.set(size, { ms: durationMs, seen: 1, slowInARow: 0 });
      return false;
    }
    const limitMs = usual.ms * JUMP;
    usual.slowInARow = durationMs > limitMs ? usual.slowInARow + 1 : 0;
    usual.seen += 1;
    // The mean at first, so that one odd first answer does not count for long.
    usual.ms += (Math.min(durationMs, limitMs) - usual.ms) * Math.max(WEIGHT, 1 / usual.seen);
    return usual.seen > ENOUGH && usual.slowInARow >= IN_A_ROW && durationMs >= LEAST_JUMP_MS;
  }

  return { jumped };
}
