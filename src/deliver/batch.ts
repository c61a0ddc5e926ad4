import type { EncodedEvents } from '../types.js';
import type { Batch, EventSpan } from './types.js';

const HEAD = Buffer.from('{"data":[');
const TAIL = Buffer.from(']}');
const SEPARATOR = Buffer.from(',');

/** Bytes of a request body around its events: an event of n bytes makes a body of n plus these. */
export const BODY_FRAME_BYTES = HEAD.length + TAIL.length;

/** One event of a batch: where it came from, its index within its chunk's events, and its record within the chunk. */
export type BatchEvent = { readonly origin: unknown; readonly index: number; readonly record: number };

/** Offset of the first byte of event `index`. */
export function eventStart(events: EncodedEvents, index: number): number {
  return index === 0 ? 0 : eventEnd(events, index - 1) + 1;
}

/** Offset after the last byte of event `index`. */
export function eventEnd(events: EncodedEvents, index: number): number {
  return events.ends[index] ?? 0;
}

/** A batch of these spans, in this order, with its event count and exact body size. No span may be empty. */
export function makeBatch(number: number, spans: readonly EventSpan[]): Batch {
  let events = 0;
  let bytes = BODY_FRAME_BYTES + Math.max(0, spans.length - 1);
  for (const span of spans) {
    events += span.to - span.from;
    bytes += spanEnd(span) - spanStart(span);
  }
  return { number, spans, events, bytes };
}

/** The request body: `{"data":[…]}` in UTF-8, exactly `batch.bytes` long; in `room` when that is given. */
export function encodeBody(batch: Batch, room = new ArrayBuffer(batch.bytes)): Uint8Array {
  const body = new Uint8Array(room, 0, batch.bytes);
  let at = 0;
  for (const part of bodyParts(batch)) {
    body.set(part, at);
    at += part.length;
  }
  return body;
}

/** The request body piece by piece, for those who need no copy of it. */
export function* bodyParts(batch: Batch): Generator<Uint8Array> {
  yield HEAD;
  for (const [index, span] of batch.spans.entries()) {
    if (index > 0) yield SEPARATOR;
    yield span.events.bytes.subarray(spanStart(span), spanEnd(span));
  }
  yield TAIL;
}

/** Events `from` (inclusive) to `to` (exclusive) of a batch, counted from 0. */
export function sliceBatch(batch: Batch, from: number, to: number): Batch {
  const spans: EventSpan[] = [];
  let offset = 0;
  for (const span of batch.spans) {
    const size = span.to - span.from;
    const first = Math.max(from - offset, 0);
    const last = Math.min(to - offset, size);
    if (first < last) spans.push({ ...span, from: span.from + first, to: span.from + last });
    offset += size;
  }
  return makeBatch(batch.number, spans);
}

/** The events with these indexes (ascending, distinct, from 0), in their order. */
export function selectEvents(batch: Batch, indexes: readonly number[]): Batch {
  const spans: EventSpan[] = [];
  let offset = 0;
  let next = 0;
  for (const span of batch.spans) {
    const end = offset + span.to - span.from;
    for (let index = indexes[next]; index !== undefined && index < end; index = indexes[next]) {
      let after = index + 1;
      next += 1;
      while (after < end && indexes[next] === after) {
        after += 1;
        next += 1;
      }
      spans.push({ ...span, from: span.from + index - offset, to: span.from + after - offset });
    }
    offset = end;
  }
  return makeBatch(batch.number, spans);
}

/** All events but those with these indexes (ascending, distinct, from 0). */
export function omitEvents(batch: Batch, indexes: readonly number[]): Batch {
  const kept: number[] = [];
  let next = 0;
  for (let index = 0; index < batch.events; index += 1) {
    if (indexes[next] === index) next += 1;
    else kept.push(index);
  }
  return selectEvents(batch, kept);
}

/** The two halves of a batch of two or more events; the first is the larger when the count is odd. */
export function halveBatch(batch: Batch): readonly [Batch, Batch] {
  const middle = Math.ceil(batch.events / 2);
  return [sliceBatch(batch, 0, middle), sliceBatch(batch, middle, batch.events)];
}

/** Parts of one batch put together again, in the order given. */
export function joinBatches(number: number, parts: readonly Batch[]): Batch {
  return makeBatch(
    number,
    parts.flatMap((part) => part.spans),
  );
}

/** The JSON of events `from` (inclusive) to `to` (exclusive, at most as many as there are), joined by commas. */
export function eventTexts(batch: Batch, from: number, to: number): string {
  return sliceBatch(batch, from, to)
    .spans.map((span) => Buffer.from(span.events.bytes.subarray(spanStart(span), spanEnd(span))).toString())
    .join(',');
}

/** Walks the events of a batch in their order. */
export function* eventsOf(batch: Batch): Generator<BatchEvent, void, undefined> {
  for (const { events, origin, from, to } of batch.spans) {
    for (let index = from; index < to; index += 1) {
      yield { origin, index, record: events.records[index] ?? 0 };
    }
  }
}

function spanStart(span: EventSpan): number {
  return eventStart(span.events, span.from);
}

function spanEnd(span: EventSpan): number {
  return eventEnd(span.events, span.to - 1);
}
