import type { Reply } from '../../src/deliver/attempt.js';
import type { Named } from '../../src/deliver/named.js';
import type { Delivery } from '../../src/deliver/piece.js';
import type { Batch, Settled } from '../../src/deliver/types.js';
import { idsOf } from './support.js';

/** How the API may treat a request with a bad event: what it keeps, and whom it names. */
export type Policy = {
  readonly keepsGood: boolean;
  /** `shifted` names the event before the first bad one; `last` the last, bad or not; `random` anybody. */
  readonly names: 'none' | 'first' | 'all' | 'shifted' | 'last' | 'random';
};

export const POLICIES = {
  'whole, named': { keepsGood: false, names: 'first' },
  'whole, silent': { keepsGood: false, names: 'none' },
  'partial, all named': { keepsGood: true, names: 'all' },
  'partial, 200 without names': { keepsGood: true, names: 'none' },
} as const satisfies Record<string, Policy>;

export type FakeApi = {
  readonly delivery: Delivery;
  /** How often each event was stored. */
  readonly stored: Map<number, number>;
  readonly parts: Settled[];
  readonly requests: () => number;
  /** Events in all requests together. */
  readonly uploaded: () => number;
};

export type FakeOptions = {
  readonly bad: ReadonlySet<number>;
  readonly policy: Policy;
  readonly repeatable?: boolean;
  /** Gives a reply in place of the API's; `n` counts requests from 1. */
  readonly fault?: (
    n: number,
    batch: Batch,
  ) => { readonly reply: Reply; readonly stores: boolean } | undefined;
  readonly maxEvents?: number;
  readonly random?: () => number;
};

const WHY = { reason: 'At least one of the events is invalid.', codes: [] };

/** An API in memory that treats bad events as the policy says; events have the positions of `batchOf`. */
export function fakeApi(options: FakeOptions): FakeApi {
  const { bad, policy, repeatable = true, random = Math.random } = options;
  const stored = new Map<number, number>();
  const parts: Settled[] = [];
  let requests = 0;
  let uploaded = 0;

  function store(ids: readonly number[]): void {
    for (const id of ids) stored.set(id, (stored.get(id) ?? 0) + 1);
  }

  function reply(ids: readonly number[]): Reply {
    if (ids.length > (options.maxEvents ?? Infinity))
      return { kind: 'split', why: WHY, mayHaveKept: false, doubt: false };
    const badIndexes = ids.flatMap((id, index) => (bad.has(id) ? [index] : []));
    const good = ids.filter((id) => !bad.has(id));
    if (badIndexes.length === 0 || policy.keepsGood) store(good);
    if (badIndexes.length === 0) return { kind: 'accept', answers: [], doubt: false };
    const named = nameSome(policy.names, badIndexes, ids, random);
    return { kind: 'narrow', named, why: WHY, mayHaveKept: policy.keepsGood, doubt: false };
  }

  function ask(batch: Batch): Promise<Reply> {
    requests += 1;
    uploaded += batch.events;
    if (batch.events === 0) throw new Error('an empty request');
    const fault = options.fault?.(requests, batch);
    if (fault === undefined) return Promise.resolve(reply(idsOf(batch)));
    if (fault.stores) store(idsOf(batch).filter((id) => !bad.has(id)));
    return Promise.resolve(fault.reply);
  }

  return {
    delivery: { ask, settle: (part) => void parts.push(part), repeatable },
    stored,
    parts,
    requests: () => requests,
    uploaded: () => uploaded,
  };
}

function nameSome(
  names: Policy['names'],
  bad: readonly number[],
  ids: readonly number[],
  random: () => number,
): readonly Named[] {
  const chosen = {
    none: [],
    first: bad.slice(0, 1),
    all: bad,
    shifted: bad.slice(0, 1).map((index) => index - 1),
    last: [ids.length - 1],
    random: [Math.floor(random() * (ids.length + 2)) - 1],
  }[names];
  return chosen.map((index) => ({ index, why: { reason: `named ${ids[index] ?? 'nobody'}`, codes: ['1'] } }));
}
