import type { FieldPlace } from '../catalogue/types.js';

/** What stands around the text of a value: nothing, quotes, or quotes in brackets. */
export type Frame = 0 | 1 | 2;
export const BARE: Frame = 0;
export const QUOTED: Frame = 1;
export const LISTED: Frame = 2;

const OPENING = ['', '"', '["'] as const;
const CLOSING = ['', '"', '"]'] as const;

/** There are no more frames than this. */
export const FRAMES = OPENING.length;

const PLACES: readonly FieldPlace[] = ['event', 'app_data', 'custom_data', 'user_data'];

/** A point in the text of an event, as a small number: its beginning, behind the event id, or behind another value. */
export type Point = number;
export const BEGINNING: Point = 0;
export const BEHIND_ID: Point = 1;
const BEHIND_VALUE = 2;
/** There are no more points than this. */
export const POINTS = BEHIND_VALUE + PLACES.length * OPENING.length;

/** The point behind a value that stands bare in this place; a frame is added to it. */
export function pointBehind(place: FieldPlace): Point {
  return BEHIND_VALUE + PLACES.indexOf(place) * OPENING.length;
}

/**
 * All the text between a point and the next value: what closes the value before, braces, a comma, the key, what opens the
 * value. So few things decide about it that it is made once and then looked up.
 */
export function jointToValue(from: Point, place: FieldPlace, key: string, frame: Frame): string {
  const object = place === 'event' || placeAt(from) === place ? '' : `"${place}":{`;
  return `${textBefore(from, place)}${object}${JSON.stringify(key)}:${OPENING[frame]}`;
}

/** The text between a point and the member `event_id`, or the place where it is left out. */
export function jointToId(from: Point): string {
  return textBefore(from, 'event');
}

/** The text between a point and the end of the event. */
export function jointToEnd(from: Point): string {
  return `${closing(from, 'event')}}`;
}

/** What ends the value before, with the comma. Behind the id there is one already. */
function textBefore(from: Point, place: FieldPlace): string {
  if (from === BEGINNING) return '{';
  return from === BEHIND_ID ? '' : `${closing(from, place)},`;
}

function closing(from: Point, next: FieldPlace): string {
  if (from < BEHIND_VALUE) return '';
  const place = placeAt(from);
  const frame = (from - BEHIND_VALUE) % OPENING.length;
  return `${CLOSING[frame] ?? ''}${place === 'event' || place === next ? '' : '}'}`;
}

function placeAt(point: Point): FieldPlace {
  return PLACES[Math.floor((point - BEHIND_VALUE) / OPENING.length)] ?? 'event';
}
