import { CODES } from './vocabulary.js';

/** Why the simulator does not take an event. Messages name places and never quote values. */
export type EventError = { readonly code: string; readonly message: string };

/** Collects the errors of one event. */
export type Errors = EventError[];

const LONGEST_NAME = 60;

/** A key that the API does not know. Only its first 60 characters are repeated. */
export function unknownKey(errors: Errors, place: string, key: string): void {
  errors.push({
    code: CODES.unknownKey,
    message: `${place}${key.slice(0, LONGEST_NAME)} is not a known parameter.`,
  });
}

/** A parameter that must be present. */
export function missing(errors: Errors, place: string): void {
  errors.push({ code: CODES.missing, message: `${place} is required.` });
}

/** A parameter with a value of the wrong kind; `expected` completes "must be". */
export function wrong(errors: Errors, place: string, expected: string): void {
  errors.push({ code: CODES.value, message: `${place} must be ${expected}.` });
}
