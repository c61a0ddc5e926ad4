import type { Plan, Slot } from '../plan/types.js';
import type { Event, OtherField } from './draft.js';
import {
  BARE,
  BEGINNING,
  BEHIND_ID,
  FRAMES,
  jointToEnd,
  jointToId,
  jointToValue,
  pointBehind,
  POINTS,
  QUOTED,
  type Frame,
  type Point,
} from './joints.js';
import {
  compileWriter,
  escaped,
  frameOfText,
  neverNeedsEscaping,
  writeValue,
  type ValueWriter,
} from './write.js';

/** The event's JSON in two parts, between which `"event_id":"…",` stands when there is an id. */
export type EncodedParts = { readonly head: string; readonly tail: string };

/** `timeUnitMs` is 1 for milliseconds, 1000 for seconds. */
export type Encoder = {
  /** The event's JSON without an id. `others`: custom fields that the plan does not know, sorted by key. */
  readonly encodeParts: (event: Event, timeUnitMs: 1 | 1000, others?: readonly OtherField[]) => EncodedParts;
  /** The event's JSON with an id. */
  readonly encode: (
    event: Event,
    timeUnitMs: 1 | 1000,
    eventId: string,
    others?: readonly OtherField[],
  ) => string;
};

/** A value of the event: where to find it, how to write it. */
type Leaf = {
  readonly index: number;
  readonly slot: Slot;
  /** Its place among the members of the event. */
  readonly topKey: string;
  readonly neverNeedsEscaping: boolean;
  readonly frameOfText: Frame;
  readonly write: ValueWriter;
  /** The point behind it, without the frame. */
  readonly point: Point;
  /** The text before it, by frame and point; made when it is first needed. */
  readonly joints: (string | undefined)[];
};

/** A text and the point it reaches to. */
type Written = { readonly text: string; readonly point: Point };

const NO_OTHERS: readonly OtherField[] = Object.freeze([]);
const OTHERS_PLACE = 'custom_data';
const BEHIND_OTHER = pointBehind(OTHERS_PLACE);

/**
 * Compiles the writer for a plan. Keys come out sorted at every level, so that what is sent is at the same
 * time the canonical form of which derived event ids are made, whatever the order of columns in the input.
 */
export function createEncoder(plan: Plan): Encoder {
  const leaves = plan.slots.map((slot, index) => leafOf(slot, index, index === plan.eventTime)).sort(byPlace);
  const idKey = plan.slots[plan.eventId]?.key ?? '';
  const beforeId = leaves.filter(({ topKey }) => topKey < idKey);
  const behindId = leaves.filter(({ topKey }) => topKey > idKey);
  const toId = Array.from({ length: POINTS }, (_, point) => jointToId(point));
  const toEnd = Array.from({ length: POINTS }, (_, point) => jointToEnd(point));

  /** Everything that stands before the event id. */
  const writeToId = (event: Event, timeUnitMs: 1 | 1000, others: readonly OtherField[]): Written => {
    const begun = { text: '', point: BEGINNING };
    if (others.length === 0) return write(beforeId, event, timeUnitMs, begun);
    return writeAmong(others, beforeId, event, timeUnitMs, begun);
  };

  return {
    encode(event, timeUnitMs, eventId, others = NO_OTHERS) {
      const before = writeToId(event, timeUnitMs, others);
      const text = `${before.text}${toId[before.point] ?? ''}"event_id":"${escaped(eventId)}",`;
      const all = write(behindId, event, timeUnitMs, { text, point: BEHIND_ID });
      return all.text + (toEnd[all.point] ?? '');
    },
    encodeParts(event, timeUnitMs, others = NO_OTHERS) {
      const head = writeToId(event, timeUnitMs, others);
      const tail = write(behindId, event, timeUnitMs, { text: '', point: BEHIND_ID });
      return { head: head.text + (toId[head.point] ?? ''), tail: tail.text + (toEnd[tail.point] ?? '') };
    },
  };
}

/** Puts the id (if any) between the parts. */
export function joinParts({ head, tail }: EncodedParts, eventId: string | undefined): string {
  return eventId === undefined ? head + tail : `${head}"event_id":"${escaped(eventId)}",${tail}`;
}

function leafOf(slot: Slot, index: number, isTime: boolean): Leaf {
  return {
    index,
    slot,
    topKey: slot.place === 'event' ? slot.key : slot.place,
    neverNeedsEscaping: neverNeedsEscaping(slot),
    frameOfText: frameOfText(slot),
    write: compileWriter(slot.kind, isTime),
    point: pointBehind(slot.place),
    joints: new Array<string | undefined>(FRAMES * POINTS).fill(undefined),
  };
}

/** Adds the values that the event has to a text: those of the leaves `from` (inclusive) to `to` (exclusive). */
function write(
  leaves: readonly Leaf[],
  { values }: Event,
  timeUnitMs: 1 | 1000,
  begun: Written,
  from = 0,
  to = leaves.length,
): Written {
  let { text, point } = begun;
  for (let i = from; i < to; i += 1) {
    const leaf = leaves[i];
    const value = leaf === undefined ? undefined : values[leaf.index];
    if (leaf === undefined || value === undefined) continue;
    const isText = typeof value === 'string';
    const frame = isText ? leaf.frameOfText : BARE;
    text += jointTo(leaf, frame, point);
    text += !isText ? leaf.write(value, timeUnitMs) : leaf.neverNeedsEscaping ? value : escaped(value);
    point = leaf.point + frame;
  }
  return { text, point };
}

/** Adds the values of the plan with the other custom fields among them, all in the order of their keys. */
function writeAmong(
  others: readonly OtherField[],
  leaves: readonly Leaf[],
  event: Event,
  timeUnitMs: 1 | 1000,
  begun: Written,
): Written {
  let written = begun;
  let from = 0;
  for (const field of others) {
    let to = from;
    for (let leaf = leaves[to]; leaf !== undefined && standsBefore(leaf, field); leaf = leaves[to]) to += 1;
    written = writeOther(field, write(leaves, event, timeUnitMs, written, from, to));
    from = to;
  }
  return write(leaves, event, timeUnitMs, written, from);
}

function writeOther({ key, value }: OtherField, { text, point }: Written): Written {
  const isText = typeof value === 'string';
  const frame = isText ? QUOTED : BARE;
  return {
    text:
      text + jointToValue(point, OTHERS_PLACE, key, frame) + (isText ? escaped(value) : writeValue(value)),
    point: BEHIND_OTHER + frame,
  };
}

function standsBefore({ topKey, slot }: Leaf, { key }: OtherField): boolean {
  return topKey === OTHERS_PLACE ? slot.key < key : topKey < OTHERS_PLACE;
}

function byPlace(a: Leaf, b: Leaf): number {
  if (a.topKey !== b.topKey) return a.topKey < b.topKey ? -1 : 1;
  return a.slot.key < b.slot.key ? -1 : 1;
}

function jointTo({ slot, joints }: Leaf, frame: Frame, from: Point): string {
  const at = frame * POINTS + from;
  return (joints[at] ??= jointToValue(from, slot.place, slot.key, frame));
}
