import { ERRORS, RunError } from '../errors.js';
import { parseAnswer, type ApiAnswer } from './answer.js';
import type { Clean } from './clean.js';
import { permanentFailure } from '../network/explain.js';
import { isProtocolFailure } from '../network/failure.js';
import {
  complaintIn,
  refusesToken,
  speaksOfCredential,
  unauthorized,
  type CredentialKind,
} from './credential.js';
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
  | { readonly kind: 'split'; readonly why: ApiReason }
  | {
      readonly kind: 'abort';
      readonly error: RunError;
      readonly reason: string;
      /** Whether it is the access token that was refused, so that another one may do. */
      readonly tokenRefused: boolean;
    };

type Response = Extract<Answer, { readonly kind: 'response' }>;

type Reading = {
  readonly answer: Response;
  readonly api: ApiAnswer | undefined;
  readonly good: boolean;
  readonly bad: boolean;
  /** What the API says, for people. */
  readonly why: ApiReason;
  readonly clean: Clean;
  readonly credential: CredentialKind | undefined;
};

type Rule = { readonly when: (reading: Reading) => boolean; readonly then: (reading: Reading) => Verdict };

/** The first rule that fits decides. Error codes of the API decide nothing: their meanings are not documented. */
const RULES: readonly Rule[] = [
  { when: (r) => !r.good && speaksOfCredential(r.answer, r.api), then: toUnauthorized },
  { when: (r) => isAnyOf(r, 401, 403), then: toUnauthorized },
  { when: (r) => isBetween(r, 300, 399), then: (r) => abort('redirect_refused', r) },
  { when: (r) => isAnyOf(r, 408, 425, 429), then: (r) => retry(r, { doubt: false, unreadable: false }) },
  { when: (r) => isBetween(r, 500, 599), then: (r) => retry(r, { doubt: true, unreadable: false }) },
  { when: (r) => isOk(r) && r.good && blamesSome(r), then: (r) => narrow(r, true) },
  { when: (r) => isOk(r) && r.good, then: (r) => ({ kind: 'accept', answers: answersIn(r.api, r.clean) }) },
  { when: (r) => isOk(r) && r.bad, then: (r) => narrow(r, true) },
  { when: isOk, then: (r) => retry(r, { doubt: true, unreadable: true }) },
  { when: (r) => isAnyOf(r, 413), then: (r) => ({ kind: 'split', why: r.why }) },
  { when: (r) => isAnyOf(r, 404, 405, 410), then: (r) => abort('wrong_endpoint', r) },
  // Logs show that the events were looked at one by one; a body cut short may have held logs.
  {
    when: (r) => isAnyOf(r, 400, 422) || (isBetween(r, 400, 499) && r.bad),
    then: (r) => narrow(r, r.api?.logs !== undefined || r.answer.truncated),
  },
  { when: () => true, then: (r) => abort('wrong_endpoint', r) },
];

/**
 * Decides what an answer, or the lack of one, means. Pure; `clean` makes the API's texts fit to be shown, and knowing the
 * kind of credential makes the error for a refused one more exact.
 */
export function judge(answer: Answer, clean: Clean, credential?: CredentialKind): Verdict {
  if (answer.kind === 'no_answer') return judgeFailure(answer.code, answer.sent);
  const reading = read(answer, clean, credential);
  const rule = RULES.find((candidate) => candidate.when(reading));
  return rule === undefined ? abort('wrong_endpoint', reading) : rule.then(reading);
}

function judgeFailure(code: string, sent: boolean): Verdict {
  const error = sent ? undefined : permanentFailure(code);
  if (error !== undefined) return { kind: 'abort', error, reason: code, tokenRefused: false };
  return { kind: 'retry', doubt: sent, unreadable: isProtocolFailure(code), reason: code };
}

function read(answer: Response, clean: Clean, credential: CredentialKind | undefined): Reading {
  const api = answer.truncated ? undefined : parseAnswer(answer.body);
  const good = api?.status === 'VALID' || api?.status === 'SUCCESS';
  const bad = api?.status === 'INVALID';
  return { answer, api, good, bad, why: whyOf(answer, api, clean), clean, credential };
}

function whyOf(answer: Response, api: ApiAnswer | undefined, clean: Clean): ApiReason {
  const status = `HTTP ${answer.status}`;
  const said = api === undefined ? plainText(answer.body) : api.messages.join('; ') || api.reason;
  return { reason: clean(said) || status, codes: (api?.codes ?? []).map(clean) };
}

// A page of HTML, or a piece of JSON, tells a person nothing.
function plainText(body: string): string {
  return /^\s*[<{[]/.test(body) ? '' : body;
}

function retry(reading: Reading, kind: { readonly doubt: boolean; readonly unreadable: boolean }): Verdict {
  const { status, retryAfterMs, body, truncated } = reading.answer;
  const state = truncated ? 'cut short' : body.trim() === '' ? 'empty' : 'unreadable';
  const reason = kind.unreadable ? `HTTP ${status}, answer ${state}` : `HTTP ${status}`;
  return { kind: 'retry', ...kind, ...(retryAfterMs !== undefined && { afterMs: retryAfterMs }), reason };
}

function narrow(reading: Reading, mayHaveKept: boolean): Verdict {
  return {
    kind: 'narrow',
    named: namedIn(reading.api, reading.why, reading.clean),
    why: reading.why,
    mayHaveKept,
  };
}

function blamesSome(reading: Reading): boolean {
  return reading.api?.logs?.some((entry) => entry.status === 'INVALID') ?? false;
}

function toUnauthorized(reading: Reading): Verdict {
  const { why, answer, credential, api, clean } = reading;
  const complaint = api === undefined ? undefined : complaintIn(api);
  const reason = (complaint !== undefined && clean(complaint)) || why.reason;
  const error = unauthorized(answer, reason, credential);
  return { kind: 'abort', error, reason, tokenRefused: refusesToken(answer) };
}

function abort(code: 'redirect_refused' | 'wrong_endpoint', reading: Reading): Verdict {
  const status = `HTTP ${reading.answer.status}`;
  const error = new RunError(code, `${ERRORS[code].meaning} (${status})`);
  return { kind: 'abort', error, reason: status, tokenRefused: false };
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
