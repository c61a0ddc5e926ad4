import type { Stop } from './stop.js';
import type { Batch, Settled } from './types.js';

/** What an earlier run has settled of a batch. The parts and the rest hold each of its events once. */
export type Known = {
  readonly parts: readonly Settled[];
  /** What still has to be sent; absent when everything is settled. */
  readonly rest?: Batch;
};

/** Lets the caller keep a journal. What these throw ends the run, and neither is called again after that. */
export type JournalHooks = {
  /** Called before the first request of a batch, and awaited. Parts it gives are settled, and only the rest is sent. */
  readonly begin?: (batch: Batch) => Promise<Known | undefined>;
  /**
   * Called when every event of a batch that was not known is settled, and awaited before the next batch is taken.
   * `parts` come in the order in which they were settled. `doubt`: events may have been stored that are settled neither as
   * sent nor as refused.
   */
  readonly finish?: (batch: Batch, parts: readonly Settled[], doubt: boolean) => Promise<void>;
};

export type Journal = {
  readonly begin: (batch: Batch) => Promise<Known | undefined>;
  readonly finish: (batch: Batch, parts: readonly Settled[]) => Promise<void>;
};

/** The hooks without their errors: the first one ends the run. */
export function createJournal(hooks: JournalHooks, stop: Pick<Stop, 'crash'>): Journal {
  let broken = false;

  async function guard<T>(call: () => Promise<T> | undefined): Promise<T | undefined> {
    if (broken) return undefined;
    try {
      return await call();
    } catch (error) {
      broken = true;
      stop.crash(error);
      return undefined;
    }
  }

  return {
    begin: (batch) => guard(() => hooks.begin?.(batch)),
    finish: (batch, parts) => guard(() => hooks.finish?.(batch, parts, parts.some(isDoubtful))),
  };
}

function isDoubtful(part: Settled): boolean {
  return part.outcome === 'in_doubt';
}
