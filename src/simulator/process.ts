import type { Answer, CheckedEvent } from './answers.js';
import {
  ACCEPTED,
  acceptedWithErrors,
  BAD_TIME_UNIT,
  BODY_TOO_LARGE,
  PARSING_FAILED,
  REFUSED_SILENTLY,
  refusedNamingAll,
  refusedNamingFirst,
  tooManyEvents,
  tooManyRequests,
  validationAnswer,
} from './answers.js';
import type { ParsedBody } from './body.js';
import { cutEvents, parseBody } from './body.js';
import type { EventRules } from './check-event.js';
import { checkEvent, warningsFor } from './check-event.js';
import { logLine } from './event-log.js';
import { checkCredential, countUse } from './credential.js';
import type { Authority } from './oauth/authority.js';
import type { Settings } from './options.js';
import type { RateLimit } from './rate.js';
import type { PostRoute } from './routes.js';
import type { EventTally } from './stats.js';
import { NO_EVENTS } from './stats.js';
import type { EventStore } from './store.js';
import type { Validations } from './validations.js';

/** What the simulator remembers from request to request. */
export type Memory = {
  readonly settings: Settings;
  readonly store: EventStore;
  readonly validations: Validations;
  readonly withinRate: RateLimit;
  /** Undefined when there are no OAuth endpoints. */
  readonly oauth: Authority | undefined;
};

export type ApiRequest = {
  /** From 1. */
  readonly number: number;
  readonly route: PostRoute;
  /** Value of the Content-Type and Content-Encoding headers, as sent. */
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  /** Undefined when it is larger than the limit. */
  readonly body: Buffer | undefined;
};

/** The true answer to a request, what became of its events, and the lines for the log. */
export type Outcome = { readonly answer: Answer; readonly tally: EventTally; readonly log: string };

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Carries a request out: checks it, stores what is to be stored, and finds the answer. */
export function processRequest(request: ApiRequest, memory: Memory): Outcome {
  const { settings } = memory;
  const nowMs = settings.clock();
  if (!memory.withinRate(nowMs)) return refuse(tooManyRequests(settings.retryAfter));
  const unauthorized = checkCredential(request.route, memory);
  if (unauthorized !== undefined) return refuse(unauthorized);
  countUse(request.route, memory);
  if (request.body === undefined) return refuse(BODY_TOO_LARGE);
  if (!isPlainJson(request)) return refuse(PARSING_FAILED);

  const parsed = parseBody(request.body);
  if (!parsed.ok) return refuse(parsed.reason === 'time-unit' ? BAD_TIME_UNIT : PARSING_FAILED);
  if (parsed.events.length > settings.maxEvents) return refuse(tooManyEvents(settings.maxEvents));
  if (request.route.name === 'validate') return validate(request, parsed, memory, nowMs);
  return take(request, parsed, memory, nowMs);
}

type Parsed = Extract<ParsedBody, { readonly ok: true }>;

function refuse(answer: Answer): Outcome {
  return { answer, tally: NO_EVENTS, log: '' };
}

function isPlainJson(request: ApiRequest): boolean {
  const type = request.contentType?.split(';')[0]?.trim().toLowerCase();
  const encoding = request.contentEncoding?.trim().toLowerCase() ?? 'identity';
  return type === 'application/json' && encoding === 'identity';
}

function rulesAt(nowMs: number, settings: Settings): EventRules {
  return {
    nowMs,
    maxAgeMs: settings.maxAgeDays * DAY_MS + HOUR_MS,
    maxFutureMs: settings.maxFutureMinutes * 60_000,
    strictIdentifiers: settings.strictIdentifiers,
    requireAppId: settings.requireAppId,
    poison: settings.poison,
  };
}

function validate(request: ApiRequest, parsed: Parsed, memory: Memory, nowMs: number): Outcome {
  const rules = rulesAt(nowMs, memory.settings);
  const checked = parsed.events.map((event, index) => ({
    event: index + 1,
    errors: checkEvent(event, rules),
    warnings: warningsFor(event),
  }));
  memory.validations.add(request.route.asset, nowMs, checked);
  return { answer: validationAnswer(checked), tally: { ...NO_EVENTS, validated: checked.length }, log: '' };
}

function take(request: ApiRequest, parsed: Parsed, memory: Memory, nowMs: number): Outcome {
  const { settings } = memory;
  const texts = settings.keepEvents || settings.logFile !== undefined ? cutEvents(parsed.text) : [];
  if (texts.length !== 0 && texts.length !== parsed.events.length) return refuse(PARSING_FAILED);

  const rules = rulesAt(nowMs, settings);
  const invalid: CheckedEvent[] = [];
  const isBad = new Set<number>();
  for (const [index, event] of parsed.events.entries()) {
    const errors = checkEvent(event, rules);
    if (errors.length === 0) continue;
    invalid.push({ event: index + 1, errors, warnings: [] });
    isBad.add(index);
  }

  const received = parsed.events.length;
  const good = received - invalid.length;
  const counts = { ...NO_EVENTS, received, refused: invalid.length };
  const answer = answerFor(invalid, settings);
  const storesNothing = settings.onInvalid === 'whole' || settings.onInvalid === 'whole-silent';
  if (invalid.length > 0 && storesNothing) return { answer, tally: { ...counts, discarded: good }, log: '' };

  let stored = 0;
  let log = '';
  for (const [index, event] of parsed.events.entries()) {
    if (isBad.has(index)) continue;
    const id = event['event_id'];
    const eventId = typeof id === 'string' ? id : undefined;
    const text = texts[index] ?? '';
    const position = index + 1;
    const isNew = memory.store.add(
      { asset: request.route.asset, eventId, request: request.number, position },
      text,
    );
    if (isNew) stored++;
    if (settings.logFile !== undefined)
      log += logLine(request.number, request.route.asset, position, !isNew, text);
  }
  return { answer, tally: { ...counts, stored, repeats: good - stored }, log };
}

function answerFor(invalid: readonly CheckedEvent[], settings: Settings): Answer {
  const [first] = invalid;
  if (first === undefined) return ACCEPTED;
  switch (settings.onInvalid) {
    case 'whole':
      return refusedNamingFirst(first);
    case 'whole-silent':
      return REFUSED_SILENTLY;
    case 'partial':
      return refusedNamingAll(invalid);
    case 'partial-200':
      return acceptedWithErrors(first);
  }
}
