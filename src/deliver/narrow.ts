import type { Reply } from './attempt.js';
import { halveBatch, joinBatches } from './batch.js';
import { namedWithin, type Named } from './named.js';
import {
  afterReply,
  divide,
  isFinal,
  MAX_NAMING_ROUNDS,
  reasonOfSingle,
  settleLost,
  settleRefused,
  settleUnrepeatable,
  type Delivery,
  type NarrowReply,
  type Piece,
} from './piece.js';
import type { Batch } from './types.js';

/** `namesTrusted` ends when an event that an answer named is accepted. */
type Work = Delivery & { namesTrusted: boolean };

/**
 * Delivers a batch so that a bad event costs only itself, whether or not the API keeps the good events of a refused
 * request and names the bad ones. One bad event among 2,000 takes at most 14 requests, 2 when it is named.
 * Each function below settles every event of the piece it is given, so that nothing is lost when requests fail midway.
 */
export async function deliverBatch(batch: Batch, delivery: Delivery): Promise<void> {
  await submit({ ...delivery, namesTrusted: true }, { batch, tainted: false });
}

/** Sends a piece of which nothing is known. */
async function submit(work: Work, piece: Piece): Promise<void> {
  await conclude(work, piece, await work.ask(piece.batch), 0);
}

/** Acts on the answer to a piece. `rounds`: how many times in a row events were named away from it. */
async function conclude(work: Work, sent: Piece, reply: Reply, rounds: number): Promise<void> {
  const piece = afterReply(sent, reply);
  const { batch } = piece;
  switch (reply.kind) {
    case 'accept': {
      const answers = reply.answers.filter(({ index }) => index >= 0 && index < batch.events);
      await work.settle({ outcome: 'sent', batch, answers });
      return;
    }
    case 'lost':
      await settleLost(work, piece, reply.reason);
      return;
    case 'split':
      await split(work, piece, reply);
      return;
    case 'narrow':
      await narrow(work, piece, reply, rounds);
  }
}

async function split(work: Work, piece: Piece, reply: Extract<Reply, { kind: 'split' }>): Promise<void> {
  const { batch, tainted } = piece;
  if (batch.events === 1) {
    await work.settle({ outcome: 'refused', batch, why: reply.why });
    return;
  }
  for (const half of halveBatch(batch)) await submit(work, { batch: half, tainted });
}

async function narrow(work: Work, piece: Piece, reply: NarrowReply, rounds: number): Promise<void> {
  const { batch } = piece;
  if (batch.events === 1) {
    await work.settle({ outcome: 'refused', batch, why: reasonOfSingle(reply) });
    return;
  }
  if (isFinal(work, reply)) {
    await settleUnrepeatable(work, batch, reply);
    return;
  }
  const named = usableNames(work, batch, reply, rounds);
  if (named.length === 0) await isolate(work, piece);
  else if (named.length === batch.events) await confirm(work, piece, named);
  else await setAside(work, piece, named, rounds);
}

function usableNames(work: Work, batch: Batch, reply: NarrowReply, rounds: number): readonly Named[] {
  return work.namesTrusted && rounds < MAX_NAMING_ROUNDS ? namedWithin(batch, reply) : [];
}

/** Sends a refused piece again without the events the answer named. */
async function setAside(work: Work, piece: Piece, named: readonly Named[], rounds: number): Promise<void> {
  const { suspects, rest } = divide(piece.batch, named);
  const reply = await work.ask(rest);
  const [only] = named;
  // A request is refused with this event and accepted without it: that is proof, it need not be sent alone.
  if (reply.kind === 'accept' && named.length === 1 && only !== undefined) {
    await conclude(work, { ...piece, batch: rest }, reply, rounds);
    await work.settle({ outcome: 'refused', batch: suspects, why: only.why });
    return;
  }
  const whys = named.map(({ why }, index) => ({ index, why }));
  await confirm(work, { ...piece, batch: suspects }, whys);
  await conclude(work, { ...piece, batch: rest }, reply, rounds + 1);
}

/** Sends named events on their own: those named again are refused. `named` covers the whole piece, in order. */
async function confirm(work: Work, piece: Piece, named: readonly Named[]): Promise<void> {
  const { batch } = piece;
  const reply = await work.ask(batch);
  if (reply.kind === 'accept') work.namesTrusted = false;
  if (reply.kind !== 'narrow') {
    await conclude(work, piece, reply, 0);
    return;
  }
  const again = namedWithin(batch, reply);
  const [first] = named;
  if (batch.events === 1 && first !== undefined) {
    await work.settle({ outcome: 'refused', batch, why: again[0]?.why ?? first.why });
    return;
  }
  if (isFinal(work, reply)) {
    await settleUnrepeatable(work, batch, reply);
    return;
  }
  const next = afterReply(piece, reply);
  if (again.length === 0) {
    await isolate(work, next);
    return;
  }
  await settleRefused(work, batch, again);
  const { rest } = divide(batch, again);
  if (rest.events > 0) await submit(work, { ...next, batch: rest });
}

/**
 * Finds one bad event in a piece that is known to hold one: halves it, and where the first half is accepted the second
 * is known to be bad without being sent. Second halves of which nothing is known wait, to be sent together in the end.
 */
async function isolate(work: Work, piece: Piece): Promise<void> {
  const waiting: Piece[] = [];
  let suspect = piece;
  while (suspect.batch.events > 1) {
    const [left, right] = halveBatch(suspect.batch);
    const first = { ...suspect, batch: left };
    const second = { ...suspect, batch: right };
    const reply = await work.ask(left);
    if (reply.kind === 'accept') {
      await conclude(work, first, reply, 0);
      suspect = second;
      continue;
    }
    waiting.unshift(second);
    if (!isAnonymous(work, left, reply)) {
      await conclude(work, first, reply, 0);
      await submitTogether(work, waiting);
      return;
    }
    suspect = afterReply(first, reply);
  }
  // By elimination this is the one, but a passing fault may have refused an earlier request: it may speak for itself.
  await submit(work, suspect);
  await submitTogether(work, waiting);
}

/** Whether the answer says only that something in the piece is bad, so that halving has to go on. */
function isAnonymous(work: Work, batch: Batch, reply: Reply): boolean {
  if (reply.kind !== 'narrow' || batch.events === 1 || isFinal(work, reply)) return false;
  return usableNames(work, batch, reply, 0).length === 0;
}

/** Sends several pieces as one, and one by one when that is refused without naming events. */
async function submitTogether(work: Work, pieces: readonly Piece[]): Promise<void> {
  const [first] = pieces;
  if (first === undefined) return;
  if (pieces.length === 1) {
    await submit(work, first);
    return;
  }
  const batch = joinBatches(
    first.batch.number,
    pieces.map((piece) => piece.batch),
  );
  const tainted = pieces.some((piece) => piece.tainted);
  const reply = await work.ask(batch);
  if (!isAnonymous(work, batch, reply)) {
    await conclude(work, { batch, tainted }, reply, 0);
    return;
  }
  for (const piece of pieces) await submit(work, afterReply(piece, reply));
}
