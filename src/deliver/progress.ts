import type { Clock } from './types.js';

const HOPELESS_REFUSALS = 40;

/** How the run as a whole is getting on. */
export type Progress = {
  /** Notes an answer that settles something: accepted or refused. */
  readonly advance: () => void;
  /** Notes that nothing was settled; gives the time of the first such failure since the last progress. */
  readonly failingSince: () => number;
  /** Notes that the API accepted events, in this run or an earlier run of the same. */
  readonly accept: () => void;
  /** Notes a refusal; tells whether nothing but refusals came so far, and so many that more are of no use. */
  readonly refuse: () => boolean;
  /** Resolves at the first `accept`. */
  readonly accepted: Promise<void>;
};

/**
 * A run that has just begun. Forty refusals without any accept are hopeless: as long as only one batch is under way,
 * a bad event in it costs no more than 14 before something is accepted.
 */
export function createProgress(clock: Clock): Progress {
  let failingSinceMs: number | undefined;
  let refusals = 0;
  let hopeful = false;
  let open = (): void => undefined;
  const accepted = new Promise<void>((resolve) => (open = resolve));

  return {
    advance: () => {
      failingSinceMs = undefined;
    },
    failingSince: () => (failingSinceMs ??= clock()),
    accept: () => {
      hopeful = true;
      open();
    },
    refuse: () => {
      refusals += 1;
      return !hopeful && refusals >= HOPELESS_REFUSALS;
    },
    accepted,
  };
}
