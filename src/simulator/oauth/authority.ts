import type { Codes } from './codes.js';
import { createCodes } from './codes.js';
import type { OAuthOptions, OAuthSettings } from './options.js';
import { oauthSettings } from './options.js';
import type { OAuthCounters } from './stats.js';
import type { Tokens } from './tokens.js';
import { createTokens } from './tokens.js';

/** What the OAuth endpoints know and remember. */
export type Authority = {
  readonly settings: OAuthSettings;
  readonly codes: Codes;
  readonly tokens: Tokens;
  readonly counters: OAuthCounters;
  /** Epoch milliseconds. */
  readonly clock: () => number;
};

/** The scopes the vendor names for this API. */
export const SCOPES: readonly string[] = ['snapchat-offline-conversions-api', 'snapchat-marketing-api'];
const TOKEN_BYTES = 32;

/** Makes an authority that has issued nothing. Throws RunError `usage` for an option out of range. */
export function createAuthority(
  options: OAuthOptions,
  counters: OAuthCounters,
  clock: () => number,
): Authority {
  const settings = oauthSettings(options);
  // Plain base64 on purpose: its + / = go wrong in a query or a form when somebody forgets to encode them.
  const makeText = (): string => Buffer.from(settings.random(TOKEN_BYTES)).toString('base64');
  return {
    settings,
    codes: createCodes(makeText),
    tokens: createTokens(settings, makeText, SCOPES.join(' ')),
    counters,
    clock,
  };
}
