import type { EventError } from './event-error.js';
import { CODES } from './vocabulary.js';

/** A complete answer. `body` is the exact text sent; an undefined `type` sends no Content-Type. */
export type Answer = {
  readonly status: number;
  readonly body: string | Uint8Array;
  readonly type?: 'application/json' | 'application/x-ndjson' | 'text/html' | 'text/plain' | undefined;
  readonly headers?: Readonly<Record<string, string>>;
};

/** What the checks said about one event of a request. `event` counts from 1, as the API does. */
export type CheckedEvent = {
  readonly event: number;
  readonly errors: readonly EventError[];
  readonly warnings: readonly string[];
};

/** An answer with a JSON body. */
export function jsonAnswer(status: number, body: unknown): Answer {
  return { status, body: JSON.stringify(body), type: 'application/json' };
}

const SOME_INVALID = 'At least one of the events is invalid.';
const UNPARSABLE = 'Request parsing failed. Ensure the request body is correctly formatted.';

/** Every event was taken. */
export const ACCEPTED = jsonAnswer(200, {
  status: 'VALID',
  reason: 'Events have been processed successfully.',
});
export const INVALID_TOKEN = jsonAnswer(401, { status: 'INVALID', reason: 'Invalid access token' });

/** The answer to an access token that is not good; only the wording of the 401 is known. */
export function refusedToken(status: number): Answer {
  if (status === 401) return INVALID_TOKEN;
  return jsonAnswer(status, { status: 'INVALID', reason: 'The access token is invalid or has expired.' });
}

export const PARSING_FAILED = jsonAnswer(400, { status: 'INVALID', reason: UNPARSABLE });
export const BAD_TIME_UNIT = jsonAnswer(400, {
  status: 'INVALID',
  reason: "Param data['event_time'] is an invalid Unix timestamp.",
});
export const NOT_FOUND = jsonAnswer(404, { status: 'INVALID', reason: 'No such route.' });
export const BODY_TOO_LARGE = jsonAnswer(413, {
  status: 'INVALID',
  reason: 'The request body is too large.',
});
export const LOG_FAILED = jsonAnswer(500, {
  status: 'INVALID',
  reason: 'The log of the simulator cannot be written.',
});

/** More events than a request may have. */
export function tooManyEvents(limit: number): Answer {
  return jsonAnswer(400, { status: 'INVALID', reason: `A request must not have more than ${limit} events.` });
}

/** A 429; the API documents no body. */
export function tooManyRequests(retryAfter: number | undefined): Answer {
  return {
    status: 429,
    body: '',
    ...(retryAfter !== undefined && { headers: { 'Retry-After': `${retryAfter}` } }),
  };
}

/**
 * The two wordings for an asset the credential is not good for. The status of the first is not documented and
 * comes from the options; the second is worded as a finding about the first event, even when events are sent in earnest.
 */
export function wrongAsset(kind: 'api_token' | 'oauth', status: number): Answer {
  if (kind === 'api_token')
    return jsonAnswer(status, { status: 'INVALID', reason: 'Unauthorized resources' });
  const error = { code: CODES.assetId, message: 'The provided asset id must be valid UUID format.' };
  return jsonAnswer(400, {
    status: 'INVALID',
    test_event: true,
    reason: SOME_INVALID,
    event_logs: [{ event: 1, status: 'INVALID', errors: errorLists([error]) }],
  });
}

/** The answer of the validation endpoint: an entry for every event, 400 when one is invalid. */
export function validationAnswer(checked: readonly CheckedEvent[]): Answer {
  const allValid = checked.every((event) => event.errors.length === 0);
  return jsonAnswer(allValid ? 200 : 400, {
    status: allValid ? 'VALID' : 'INVALID',
    test_event: true,
    reason: allValid ? 'All events are valid.' : SOME_INVALID,
    event_logs: checked.map(logEntry),
  });
}

/** 400 that names the first invalid event. */
export function refusedNamingFirst(first: CheckedEvent): Answer {
  return jsonAnswer(400, {
    status: 'INVALID',
    reason: SOME_INVALID,
    event: first.event,
    errors: errorLists(first.errors),
  });
}

/** 400 that does not say which event is invalid. */
export const REFUSED_SILENTLY = jsonAnswer(400, { status: 'INVALID', reason: SOME_INVALID });

/** 400 that lists the invalid events. */
export function refusedNamingAll(invalid: readonly CheckedEvent[]): Answer {
  return jsonAnswer(400, { status: 'INVALID', reason: SOME_INVALID, event_logs: invalid.map(logEntry) });
}

/** 200 whose body says INVALID, with the errors of the first invalid event but not its position. */
export function acceptedWithErrors(first: CheckedEvent): Answer {
  return jsonAnswer(200, { status: 'INVALID', errors: errorLists(first.errors) });
}

function logEntry(checked: CheckedEvent): object {
  return {
    event: checked.event,
    status: checked.errors.length === 0 ? 'VALID' : 'INVALID',
    errors: errorLists(checked.errors),
    warnings: checked.warnings,
  };
}

function errorLists(errors: readonly EventError[]): object {
  return { codes: errors.map((error) => error.code), error_msgs: errors.map((error) => error.message) };
}
