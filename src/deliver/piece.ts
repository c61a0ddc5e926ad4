import type { Ask, Reply } from './attempt.js';
import { omitEvents, selectEvents, sliceBatch } from './batch.js';
import { namedWithin, type Named } from './named.js';
import type { ApiReason, Batch, Settled } from './types.js';

/** A part of a batch that still has to be settled. `tainted`: its events may have been stored already. */
export type Piece = { readonly batch: Batch; readonly tainted: boolean };

/** What settling a batch needs. */
export type Delivery = {
  readonly ask: Ask;
  /** Takes each part of the batch as its fate becomes known; every event comes here exactly once. */
  readonly settle: (part: Settled) => void | Promise<void>;
  /** Whether events that may have been stored may be sent again. */
  readonly repeatable: boolean;
};

export type NarrowReply = Extract<Reply, { readonly kind: 'narrow' }>;

/** Settles a piece that no answer settled and that is not sent again. */
export async function settleLost(delivery: Delivery, piece: Piece, reason: string): Promise<void> {
  const outcome = piece.tainted ? 'in_doubt' : 'not_attempted';
  await delivery.settle({ outcome, batch: piece.batch, reason });
}

/** Settles the named events as refused, each for its own reason. */
export async function settleRefused(
  delivery: Delivery,
  batch: Batch,
  named: readonly Named[],
): Promise<void> {
  for (const { index, why } of named) {
    await delivery.settle({ outcome: 'refused', batch: sliceBatch(batch, index, index + 1), why });
  }
}

/**
 * Settles a piece whose good events may have been stored and cannot be sent again: the answer has to be taken
 * at its word for the events it names, and nothing can be known of the others.
 */
export async function settleUnrepeatable(
  delivery: Delivery,
  batch: Batch,
  reply: NarrowReply,
): Promise<void> {
  const { named, rest } = divide(batch, namedWithin(batch, reply));
  await settleRefused(delivery, batch, named);
  if (rest.events > 0) {
    await delivery.settle({ outcome: 'in_doubt', batch: rest, reason: reply.why.reason });
  }
}

/** Whether the answer forbids sending any of the piece again. */
export function isFinal(delivery: Delivery, reply: NarrowReply): boolean {
  return reply.mayHaveKept && !delivery.repeatable;
}

/** The same events after an answer that settled nothing; tainted if that answer, or a try before it, allows that they were stored. */
export function afterReply(piece: Piece, reply: Reply): Piece {
  const answered = reply.kind === 'narrow' || reply.kind === 'split';
  const kept = reply.doubt || (answered && reply.mayHaveKept);
  return kept && !piece.tainted ? { ...piece, tainted: true } : piece;
}

/** After so many rounds of naming in a row, halving costs less than taking out one event more each time. */
export const MAX_NAMING_ROUNDS = 8;

/** Why the only event of a request was refused. */
export function reasonOfSingle(reply: NarrowReply): ApiReason {
  return reply.named.find(({ index }) => index === 0)?.why ?? reply.why;
}

/** Parts a batch into the named events and the others. */
export function divide(
  batch: Batch,
  named: readonly Named[],
): { readonly named: readonly Named[]; readonly suspects: Batch; readonly rest: Batch } {
  const indexes = named.map(({ index }) => index);
  return { named, suspects: selectEvents(batch, indexes), rest: omitEvents(batch, indexes) };
}
