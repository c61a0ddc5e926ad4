import { RunError } from '../errors.js';
import { hintFor, permanentFailure } from '../network/explain.js';
import { failureCode, isProxyFailure } from '../network/failure.js';

/** Why a request to the token endpoint brought nothing that can be used. Holds no text of the server. */
export type TokenFailure = {
  readonly kind: 'failed';
  /** For people. */
  readonly what: string;
  /** Whether the server may have done what was asked without the answer arriving. */
  readonly lost: boolean;
  /** Set when asking again is pointless. */
  readonly lasting?: RunError;
  readonly retryAfterMs?: number;
};

const NOT_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** A failure that may pass. */
export function failed(what: string, lost: boolean): TokenFailure {
  return { kind: 'failed', what, lost };
}

/** What a rejection of `fetch` means. The fetch of this program rejects with RunError, that of the platform with a TypeError. */
export function judgeRejection(problem: unknown): TokenFailure {
  if (problem instanceof RunError && problem.code !== 'service_unavailable') {
    return { ...failed(problem.message, false), lasting: problem };
  }
  const code = codeOf(problem);
  const lasting = permanentFailure(code);
  if (lasting !== undefined) return { ...failed(code, false), lasting };
  const hint = hintFor(code);
  return failed(hint === '' ? code : `${code}: ${hint}`, !isProxyFailure(code) && !NOT_SENT.has(code));
}

function codeOf(problem: unknown): string {
  if (problem instanceof RunError) return /\(([A-Z][A-Z0-9_]+)\)/.exec(problem.message)?.[1] ?? 'UNKNOWN';
  const code = failureCode(problem);
  if (code !== 'UNKNOWN' || !(problem instanceof Error) || problem.cause === undefined) return code;
  return codeOf(problem.cause);
}

/** The error for an authorization server that gave no usable answer in so many tries. */
export function unavailable(failure: TokenFailure, tries: number, lost: boolean): RunError {
  if (failure.lasting !== undefined) return failure.lasting;
  const times = tries === 1 ? '' : ` after ${tries} tries`;
  const doubt = lost
    ? '. A request may have arrived although its answer did not: should the credential be refused the next time, log in again'
    : '';
  return new RunError(
    'authorization_unavailable',
    `the authorization server gave no usable answer${times} (${failure.what})${doubt}`,
  );
}
