import { sliceBatch } from './batch.js';
import { namedWithin, type Named } from './named.js';
import {
  afterReply,
  isFinal,
  MAX_NAMING_ROUNDS,
  reasonOfSingle,
  settleLost,
  settleUnrepeatable,
  type Delivery,
  type NarrowReply,
  type Piece,
} from './piece.js';
import type { ApiReason, Batch } from './types.js';

type Suspect = Piece & {
  /** Known to hold a bad event, so that sending it whole is of no use. */
  readonly bad: boolean;
  /** Whether it is the second half of the piece before it, and so is bad if that one is accepted. */
  readonly heir: boolean;
  readonly named: readonly Named[];
  readonly rounds: number;
};

const NO_NAMES: readonly Named[] = [];
const AFTER_REFUSED = 'an earlier event was refused';

/**
 * Delivers a batch up to its first bad event: those before it are sent, it is refused, those after it are not sent
 * (in doubt when an answer allows that they were stored along the way). Gives the reason of the refusal, if there was one.
 */
export async function deliverUntilRefused(batch: Batch, delivery: Delivery): Promise<ApiReason | undefined> {
  const queue: Suspect[] = [{ batch, tainted: false, bad: false, heir: false, named: NO_NAMES, rounds: 0 }];
  for (let piece = queue.shift(); piece !== undefined; piece = queue.shift()) {
    if (piece.bad && piece.batch.events > 1) {
      queue.unshift(...cut(piece));
      continue;
    }
    const refused = await step(piece, queue, delivery);
    if (refused === undefined) continue;
    for (const later of queue) await settleLost(delivery, later, AFTER_REFUSED);
    return refused;
  }
  return undefined;
}

/** Sends one piece. Gives the reason when its first event is found to be bad. */
async function step(piece: Suspect, queue: Suspect[], delivery: Delivery): Promise<ApiReason | undefined> {
  const { batch } = piece;
  const reply = await delivery.ask(batch);
  const { tainted } = afterReply(piece, reply);
  if (reply.kind === 'accept') {
    const answers = reply.answers.filter(({ index }) => index >= 0 && index < batch.events);
    await delivery.settle({ outcome: 'sent', batch, answers });
    const heir = queue[0];
    if (heir?.heir === true) queue[0] = { ...heir, bad: true };
    return undefined;
  }
  if (reply.kind === 'lost') {
    await settleLost(delivery, { batch, tainted }, reply.reason);
    return undefined;
  }
  if (reply.kind === 'narrow' && isFinal(delivery, reply)) {
    await settleUnrepeatable(delivery, batch, reply);
    return reply.why;
  }
  if (batch.events === 1) {
    const why = reply.kind === 'narrow' ? reasonOfSingle(reply) : reply.why;
    await delivery.settle({ outcome: 'refused', batch, why });
    return why;
  }
  const named = reply.kind === 'narrow' ? usableNames(piece, reply) : NO_NAMES;
  // Too large is no blame: the second half is not known to be bad when the first is accepted.
  const [left, right] = cut({ ...piece, tainted, named });
  queue.unshift(left, reply.kind === 'narrow' ? right : { ...right, heir: false });
  return undefined;
}

function usableNames(piece: Suspect, reply: NarrowReply): readonly Named[] {
  return piece.rounds < MAX_NAMING_ROUNDS ? namedWithin(piece.batch, reply) : NO_NAMES;
}

/** Parts a piece before its first named event, or after it when it stands first; without names in the middle. */
function cut(piece: Suspect): readonly [Suspect, Suspect] {
  const { batch, tainted, named } = piece;
  const first = named[0]?.index;
  const at = first === undefined ? Math.ceil(batch.events / 2) : Math.max(first, 1);
  const left = { ...piece, batch: sliceBatch(batch, 0, at), bad: false, heir: false, named: NO_NAMES };
  // A first event that was named and is accepted after all shows that the names are wrong.
  const kept = first === 0 ? NO_NAMES : named.map(({ index, why }) => ({ index: index - at, why }));
  return [
    first === undefined ? left : { ...left, rounds: piece.rounds + 1 },
    {
      batch: sliceBatch(batch, at, batch.events),
      tainted,
      bad: false,
      heir: true,
      named: kept,
      rounds: piece.rounds,
    },
  ];
}
