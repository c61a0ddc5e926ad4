import { SCOPES } from './authority.js';
import type { Parameters } from './parameters.js';

/** A request for consent that is in order. */
export type AuthorizationRequest = {
  readonly clientId: string;
  /** As it was written, because the token request has to repeat it to the letter. */
  readonly redirectUri: string;
  readonly scope: string;
  readonly state: string | undefined;
};

/** A request for consent, or what is wrong with it in sentences that quote nothing of it. */
export type Authorization =
  | { readonly ok: true; readonly request: AuthorizationRequest }
  | { readonly ok: false; readonly problems: readonly string[] };

const MAX_URI_LENGTH = 2000;
const LOOPBACK: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];

/** Checks the parameters of the authorize page. */
export function readAuthorization(parameters: Parameters, clientId: string): Authorization {
  const redirectUri = parameters.get('redirect_uri') ?? '';
  const scope = parameters.get('scope') ?? '';
  const problems: string[] = [];
  const demand = (isGood: boolean, problem: string): void => {
    if (!isGood) problems.push(problem);
  };
  demand(!parameters.isRepeated, 'A parameter is repeated.');
  demand(parameters.get('client_id') === clientId, 'client_id is not that of the client of this simulator.');
  demand(
    parseRedirectUri(redirectUri) !== undefined,
    'redirect_uri is not an https address, nor an http address on loopback, without fragment and credentials.',
  );
  demand(parameters.get('response_type') === 'code', 'response_type is not "code".');
  demand(
    isKnownScope(scope),
    `scope is not made of ${SCOPES.join(' and ')} with single blanks between; the first is needed.`,
  );
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, request: { clientId, redirectUri, scope, state: parameters.get('state') } };
}

function isKnownScope(scope: string): boolean {
  const parts = scope.split(' ');
  const isKnown = parts.every((part) => SCOPES.includes(part));
  return isKnown && new Set(parts).size === parts.length && parts.includes(SCOPES[0] ?? '');
}

/**
 * The address to which a browser may be sent back: https, or http on loopback; else undefined. Stricter than the URL
 * standard, which drops line breaks, takes a backslash for a slash and lets `;` stand in a host.
 */
export function parseRedirectUri(text: string): URL | undefined {
  if (text.length > MAX_URI_LENGTH || !/^[\x21-\x7e]+$/.test(text) || /[\\#]/.test(text)) return undefined;
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return undefined;
  if (url.protocol === 'http:') return LOOPBACK.includes(url.hostname) ? url : undefined;
  const isHost = /^[a-z0-9.-]+$/.test(url.hostname) || /^\[[0-9a-f:.]+\]$/.test(url.hostname);
  return url.protocol === 'https:' && isHost ? url : undefined;
}
