import { ERRORS, RunError } from '../errors.js';
import { parseAnswer, type ApiAnswer } from './answer.js';
import type { Clean } from './clean.js';
import { permanentFailure } from '../network/explain.js';
import { isProtocolFailure } from '../network/failure.js';
import { complaintIn, refusesToken, unauthorized, type CredentialKind, type WasSent } from './credential.js';
import { answersIn, namedIn, type Named } from './named.js';
import type { Answer, ApiReason, IndexedAnswer } from './types.js';

/** What an answer means for the events of its request. Texts are cleaned. */
export type Verdict =
  | { readonly kind: 'accept'; readonly answers: readonly IndexedAnswer[] }
  | {
      readonly kind: 'retry';
      /** The events may have been stored. */
      readonly doubt: boolean;
      /** An answer came, but nobody can tell what it says. */
      readonly unreadable: boolean;
      readonly afterMs?: number;
      readonly reason: string;
      /** A page that is not from the API: what it means when it comes several times in a row. */
      readonly otherwise?: Abort;
    }
  | {
      /** At least one event is bad. */
      readonly kind: 'narrow';
      /** The events the answer blames, ascending by index, as far as it says. */
      readonly named: readonly Named[];
      readonly why: ApiReason;
      /** The good events may have been stored. */
      readonly mayHaveKept: boolean;
    }
  | { readonly kind: 'split'; readonly why: ApiReason; readonly mayHaveKept: boolean }
  | Abort;

/** The end of the run. */
export type Abort = {
  readonly kind: 'abort';
  readonly error: RunError;
  readonly reason: string;
  /** Whether it is the access token that was refused, so that another one may do. */
  readonly tokenRefused: boolean;
  /** The events may have been stored all the same. */
  readonly doubt: boolean;
};

/** Nothing is decided yet. */
export type Retry = Extract<Verdict, { readonly kind: 'retry' }>;

/** A longer text is a page. */
const MOST_CHARS_OF_REASON = 300;

type Response = Extract<Answer, { readonly kind: 'response' }>;

type Reading = {
  readonly answer: Response;
  readonly api: ApiAnswer | undefined;
  readonly good: boolean;
  readonly bad: boolean;
  /** What the API says, for people. */
  readonly why: () => ApiReason;
  readonly clean: Clean;
  readonly credential: CredentialKind | undefined;
  /** What the answer says about the credential or the event source; not cleaned. */
  readonly complaint: string | undefined;
};

type Rule = { readonly when: (reading: Reading) => boolean; readonly then: (reading: Reading) => Verdict };

/**
 * The first rule that matches decides. The status comes before the wording: a busy API may name the token that it limits.
 * Error codes of the API decide nothing, because their meanings are not documented.
 */
const RULES: readonly Rule[] = [
  { when: (r) => isAnyOf(r, 408, 425, 429), then: (r) => retry(r, { doubt: false, unreadable: false }) },
  { when: (r) => isAnyOf(r, 413), then: (r) => split(r, false) },
  { when: (r) => isBetween(r, 500, 599), then: (r) => retry(r, { doubt: true, unreadable: false }) },
  {
    when: (r) => r.answer.tooLarge === true && (isOk(r) || isAnyOf(r, 400, 422)),
    then: (r) => split(r, true),
  },
  { when: (r) => r.complaint !== undefined && isAnyOf(r, 200, 400, 401, 403), then: toUnauthorized },
  { when: (r) => isAnyOf(r, 401) && r.answer.body.trim() === '', then: toUnauthorized },
  {
    when: (r) => isAnyOf(r, 403) && r.bad && namesSome(r),
    then: (r) => narrow(r, r.api?.logs !== undefined),
  },
  { when: (r) => isAnyOf(r, 401, 403), then: (r) => endOrPage(r, toUnauthorized(r)) },
  { when: (r) => isBetween(r, 300, 399), then: (r) => endOrPage(r, abort('redirect_refused', r)) },
  { when: (r) => isOk(r) && r.good && blamesSome(r), then: (r) => narrow(r, true) },
  { when: (r) => isOk(r) && r.good, then: (r) => ({ kind: 'accept', answers: answersIn(r.api, r.clean) }) },
  { when: (r) => isOk(r) && r.bad, then: (r) => narrow(r, true) },
  { when: isOk, then: (r) => retry(r, { doubt: true, unreadable: true }) },
  { when: (r) => isAnyOf(r, 404, 405, 410), then: (r) => endOrPage(r, abort('wrong_endpoint', r)) },
  // Logs show that the events were looked at one by one; a body cut short may have held logs.
  {
    when: (r) => isAnyOf(r, 400, 422) || (isBetween(r, 400, 499) && r.bad),
    then: (r) => narrow(r, r.api?.logs !== undefined || r.answer.truncated),
  },
  { when: () => true, then: (r) => endOrPage(r, abort('wrong_endpoint', r)) },
];

export type JudgeOptions = {
  /** Makes the API's texts fit to be shown. */
  readonly clean: Clean;
  /** Makes the error for a refused credential more exact. */
  readonly credential?: CredentialKind | undefined;
  /** Whether the request contains a text; wording that only quotes the request decides nothing. */
  readonly wasSent?: WasSent;
};

/** Decides what an answer, or the lack of one, means. Pure. */
export function judge(answer: Answer, options: JudgeOptions): Verdict {
  if (answer.kind === 'no_answer') return judgeFailure(answer.code, answer.sent);
  const reading = read(answer, options);
  const rule = RULES.find((candidate) => candidate.when(reading));
  return rule === undefined ? abort('wrong_endpoint', reading) : rule.then(reading);
}

function judgeFailure(code: string, sent: boolean): Verdict {
  const error = sent ? undefined : permanentFailure(code);
  if (error !== undefined) return { kind: 'abort', error, reason: code, tokenRefused: false, doubt: false };
  return { kind: 'retry', doubt: sent, unreadable: isProtocolFailure(code), reason: code };
}

function read(answer: Response, { clean, credential, wasSent = neverSent }: JudgeOptions): Reading {
  const api = answer.truncated ? undefined : parseAnswer(answer.body);
  const good = api?.status === 'VALID' || api?.status === 'SUCCESS';
  const bad = api?.status === 'INVALID';
  const why = (): ApiReason => whyOf(answer, api, clean);
  const complaint = good ? undefined : complaintIn(topReason(answer, api), wasSent);
  return { answer, api, good, bad, why, clean, credential, complaint };
}

function neverSent(): boolean {
  return false;
}

/** What the answer says about the request as a whole; findings about events are no part of it. */
function topReason({ body }: Response, api: ApiAnswer | undefined): string {
  if (api !== undefined) return api.reason;
  const text = plainText(body);
  return text.length <= MOST_CHARS_OF_REASON ? text : '';
}

function whyOf(answer: Response, api: ApiAnswer | undefined, clean: Clean): ApiReason {
  const status = `HTTP ${answer.status}`;
  const said = api === undefined ? plainText(answer.body) : api.messages.join('; ') || api.reason;
  // The event that is named, counted from 1.
  const event = api?.event === undefined ? undefined : api.event - 1;
  return {
    reason: clean(said, event) || status,
    codes: (api?.codes ?? []).map((code) => clean(code, event)),
  };
}

// A page of HTML, or a piece of JSON, tells a person nothing.
function plainText(body: string): string {
  return /^\s*[<{[]/.test(body) ? '' : body;
}

function retry(reading: Reading, kind: Pick<Retry, 'doubt' | 'unreadable'>): Retry {
  const { status, retryAfterMs, body, truncated } = reading.answer;
  const state = truncated ? 'cut short' : body.trim() === '' ? 'empty' : 'unreadable';
  const reason = kind.unreadable ? `HTTP ${status}, answer ${state}` : `HTTP ${status}`;
  return { kind: 'retry', ...kind, ...(retryAfterMs !== undefined && { afterMs: retryAfterMs }), reason };
}

function split({ why }: Reading, mayHaveKept: boolean): Verdict {
  return { kind: 'split', why: why(), mayHaveKept };
}

function narrow({ api, why, clean }: Reading, mayHaveKept: boolean): Verdict {
  const reason = why();
  return { kind: 'narrow', named: namedIn(api, reason, clean), why: reason, mayHaveKept };
}

function blamesSome(reading: Reading): boolean {
  return reading.api?.logs?.some((entry) => entry.status === 'INVALID') ?? false;
}

function namesSome(reading: Reading): boolean {
  return reading.api?.event !== undefined || blamesSome(reading);
}

function toUnauthorized(reading: Reading): Abort {
  const { why, answer, credential, complaint, clean } = reading;
  const reason = (complaint !== undefined && clean(complaint)) || why().reason;
  const error = unauthorized({ status: answer.status, complaint: complaint ?? '' }, reason, credential);
  const tokenRefused = refusesToken({ status: answer.status, complaint: complaint ?? '' });
  return { kind: 'abort', error, reason, tokenRefused, doubt: isOk(reading) };
}

function abort(code: 'redirect_refused' | 'wrong_endpoint', reading: Reading): Abort {
  const status = `HTTP ${reading.answer.status}`;
  const error = new RunError(code, `${ERRORS[code].meaning} (${status})`);
  return { kind: 'abort', error, reason: status, tokenRefused: false, doubt: isOk(reading) };
}

/** Ends the run when the API itself says so; a page from something in between may be gone at the next request. */
function endOrPage(reading: Reading, end: Abort): Verdict {
  if (reading.good || reading.bad) return end;
  return { ...retry(reading, { doubt: false, unreadable: false }), otherwise: end };
}

function isOk(reading: Reading): boolean {
  return isBetween(reading, 200, 299);
}

function isBetween(reading: Reading, from: number, to: number): boolean {
  return reading.answer.status >= from && reading.answer.status <= to;
}

function isAnyOf(reading: Reading, ...statuses: readonly number[]): boolean {
  return statuses.includes(reading.answer.status);
}
