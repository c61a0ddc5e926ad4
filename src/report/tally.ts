import { formatIssue, type IssueCode } from '../issues.js';
import type { Rejection } from '../summary.js';
import type { RowOutcome, RowPlace } from '../types.js';

/** Rejections of one kind: how many, and where the first one is. */
export type RejectionCount = {
  readonly outcome: Exclude<RowOutcome, 'sent'>;
  readonly code: IssueCode;
  readonly column?: string;
  readonly count: number;
  readonly first: RowPlace;
  readonly message: string;
};

/** Counts rejections by outcome, code and column, and keeps the first few in full. */
export type Tally = {
  readonly add: (rejections: readonly Rejection[]) => void;
  /** Most frequent first. */
  readonly counts: () => readonly RejectionCount[];
  readonly examples: () => readonly Rejection[];
  readonly rejected: () => number;
};

/** JSONL rows may have any number of different keys; beyond this many kinds, columns are not told apart. */
const MOST_KINDS = 2000;

/** Makes an empty tally that keeps the first `exampleLimit` rejections, without their bytes. */
export function createTally(exampleLimit: number): Tally {
  const kinds = new Map<string, { first: RejectionCount; count: number }>();
  const examples: Rejection[] = [];
  let rejected = 0;

  function addIssues(rejection: Rejection): void {
    for (const issue of rejection.issues) {
      const column = kinds.size < MOST_KINDS ? (issue.column ?? issue.path ?? '') : '';
      const key = `${rejection.outcome} ${issue.code} ${column}`;
      const known = kinds.get(key);
      if (known !== undefined) {
        known.count += 1;
        continue;
      }
      const first: RejectionCount = {
        outcome: rejection.outcome,
        code: issue.code,
        ...(issue.column === undefined || column === '' ? {} : { column: issue.column }),
        count: 1,
        first: rejection.place,
        message: formatIssue(issue),
      };
      kinds.set(key, { first, count: 1 });
    }
  }

  return {
    add: (rejections) => {
      for (const rejection of rejections) {
        rejected += 1;
        addIssues(rejection);
        if (examples.length < exampleLimit) examples.push(withoutBytes(rejection));
      }
    },
    counts: () =>
      [...kinds.values()]
        .map(({ first, count }) => ({ ...first, count }))
        .sort((one, other) => other.count - one.count),
    examples: () => examples,
    rejected: () => rejected,
  };
}

function withoutBytes({ place, input, outcome, issues }: Rejection): Rejection {
  return { place, input, outcome, issues };
}
