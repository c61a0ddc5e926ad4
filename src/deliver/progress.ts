import type { RunError } from '../errors.js';
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
  /**
   * Notes an answer that refused all it was asked. Tells whether so many came since the last accept, of this or any other
   * batch, that more are of no use.
   * `complaint` is given when the answer blames the event source.
   */
  readonly refuse: (complaint: RunError | undefined) => boolean;
  /** The complaint when all refusals are about the event source, and nothing was accepted. */
  readonly sameComplaint: () => RunError | undefined;
  /** Counts the batches under way. */
  readonly beginBatch: () => void;
  readonly endBatch: () => void;
  /** Resolves at the first `accept`. */
  readonly accepted: Promise<void>;
};

/**
 * A run that has just begun. Forty refusals in a row for each batch under way are hopeless: among the events of one batch,
 * at most a few more than twenty in a row are refused before some are accepted, unless nearly all are bad.
 */
export function createProgress(clock: Clock): Progress {
  let failingSinceMs: number | undefined;
  let refusals = 0;
  let underWay = 0;
  let complaint: RunError | undefined;
  let mixed = false;
  let open = (): void => undefined;
  const accepted = new Promise<void>((resolve) => (open = resolve));

  return {
    advance: () => {
      failingSinceMs = undefined;
    },
    failingSince: () => (failingSinceMs ??= clock()),
    accept: () => {
      refusals = 0;
      mixed = true;
      open();
    },
    refuse: (said) => {
      refusals += 1;
      complaint ??= said;
      mixed ||= said === undefined;
      return refusals >= HOPELESS_REFUSALS * Math.max(1, underWay);
    },
    sameComplaint: () => (mixed ? undefined : complaint),
    beginBatch: () => {
      underWay += 1;
    },
    endBatch: () => {
      underWay -= 1;
    },
    accepted,
  };
}
