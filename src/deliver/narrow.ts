import type { Reply } from './attempt.js';
import { halveBatch, joinBatches, sliceBatch } from './batch.js';
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
type Work = Delivery & {
  namesTrusted: boolean;
  /** Events refused so far. */
  refused: number;
};

/** Rounds of naming in a slice; more than in a batch, because a slice is chosen to need about eight. */
const MORE_ROUNDS_IN_SLICE = 16;

/**
 * Delivers a batch so that a bad event costs only itself, whether or not the API keeps the good events of a refused
 * request and names the bad ones. One bad event among 2,000 takes at most 14 requests, 2 when it is named.
 * Each function below settles every event of the piece it is given, so that nothing is lost when requests fail midway.
 */
export async function deliverBatch(batch: Batch, delivery: Delivery): Promise<void> {
  const work: Work = {
    ...delivery,
    settle(part) {
      if (part.outcome === 'refused') work.refused += part.batch.events;
      return delivery.settle(part);
    },
    namesTrusted: true,
    refused: 0,
  };
  await submit(work, { batch, tainted: false });
}

/** Sends a piece of which nothing is known. */
async function submit(work: Work, piece: Piece, rounds = 0): Promise<void> {
  await conclude(work, piece, await work.ask(piece.batch), rounds);
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
  const named = usableNames(work, batch, reply);
  if (named.length === 0) await search(work, piece);
  else if (named.length === batch.events) await confirm(work, piece, named);
  else if (rounds >= MAX_NAMING_ROUNDS) await submitInSlices(work, piece, named);
  else await setAside(work, piece, named, rounds);
}

function usableNames(work: Work, batch: Batch, reply: NarrowReply): readonly Named[] {
  return work.namesTrusted ? namedWithin(batch, reply) : [];
}

/**
 * Sends a piece with many bad events in slices, so that not all of it is uploaded again for each. The events before the
 * first named one are the first slice; later ones follow the number of events refused.
 */
async function submitInSlices(work: Work, piece: Piece, named: readonly Named[]): Promise<void> {
  let rest: Batch | undefined = piece.batch;
  let size = Math.min(Math.max(1, named[0]?.index ?? 1), Math.ceil(rest.events / 2));
  while (rest !== undefined) {
    const before = work.refused;
    const [slice, later]: Parts = cutAt(rest, size);
    await submit(work, { ...piece, batch: slice }, -MORE_ROUNDS_IN_SLICE);
    const refused = work.refused - before;
    if (refused > 2 * MAX_NAMING_ROUNDS) size = Math.ceil(size / 2);
    else if (refused < MAX_NAMING_ROUNDS / 2) size *= 2;
    rest = later;
  }
}

type Parts = readonly [Batch, Batch | undefined];

function cutAt(batch: Batch, at: number): Parts {
  if (at >= batch.events) return [batch, undefined];
  return [sliceBatch(batch, 0, at), sliceBatch(batch, at, batch.events)];
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
    await search(work, next);
    return;
  }
  await settleRefused(work, batch, again);
  const { rest } = divide(batch, again);
  if (rest.events > 0) await submit(work, { ...next, batch: rest });
}

/**
 * Finds the bad events of a piece that is known to hold one and of which nobody is named. Groups are sent from its end: twice
 * as large after each that is accepted, half as large after each that is refused, so that their size follows the share of
 * bad events.
 */
async function search(work: Work, piece: Piece): Promise<void> {
  let rest: Piece | undefined = piece;
  let bad = true;
  let size = 2 * piece.batch.events;
  while (rest !== undefined) {
    const { tainted }: Piece = rest;
    const first: number = Math.max(0, rest.batch.events - size);
    const before: Piece | undefined =
      first === 0 ? undefined : { batch: sliceBatch(rest.batch, 0, first), tainted };
    const group: Piece = { batch: sliceBatch(rest.batch, first, rest.batch.events), tainted };
    const reply = bad && before === undefined ? undefined : await work.ask(group.batch);
    if (reply?.kind === 'accept') {
      await conclude(work, group, reply, 0);
      size = 2 * Math.min(size, piece.batch.events);
      rest = before;
      continue;
    }
    bad = false;
    size = Math.max(1, Math.floor(size / 2));
    if (reply !== undefined && !isAnonymous(work, group.batch, reply)) {
      await conclude(work, group, reply, 0);
      rest = before;
      continue;
    }
    const after = await isolate(work, reply === undefined ? group : afterReply(group, reply));
    rest = joinPieces([before, after].filter((part) => part !== undefined));
  }
}

/**
 * Finds one bad event in a piece that is known to hold one: halves it, and where the first half is accepted the second
 * is known to be bad without being sent. Gives the events of which nothing is known.
 */
async function isolate(work: Work, piece: Piece): Promise<Piece | undefined> {
  const unknown: Piece[] = [];
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
    unknown.unshift(second);
    if (!isAnonymous(work, left, reply)) {
      await conclude(work, first, reply, 0);
      return joinPieces(unknown);
    }
    suspect = afterReply(first, reply);
  }
  // By elimination this is the one, but a passing fault may have refused an earlier request: it may speak for itself.
  await submit(work, suspect);
  return joinPieces(unknown);
}

/** Whether the answer says only that something in the piece is bad, so that halving has to go on. */
function isAnonymous(work: Work, batch: Batch, reply: Reply): boolean {
  if (reply.kind !== 'narrow' || batch.events === 1 || isFinal(work, reply)) return false;
  return usableNames(work, batch, reply).length === 0;
}

function joinPieces(pieces: readonly Piece[]): Piece | undefined {
  const [first] = pieces;
  if (first === undefined || pieces.length === 1) return first;
  const batches = pieces.map(({ batch }) => batch);
  return {
    batch: joinBatches(first.batch.number, batches),
    tainted: pieces.some(({ tainted }) => tainted),
  };
}
