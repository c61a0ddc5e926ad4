import { ClientSecretPost, processRefreshTokenResponse, refreshTokenGrantRequest } from 'oauth4webapi';

import { backoffMs } from '../deliver/retry.js';
import { sleepFor } from '../deliver/time.js';
import type { Sleep } from '../deliver/types.js';
import { interruption, RunError } from '../errors.js';
import { registrationOf } from './client.js';
import { askForTokens, type TokenAnswer, type Wire } from './exchange.js';
import { unavailable } from './failure.js';
import type { OAuthClient, TokenSet } from './types.js';

const MAX_TRIES = 5;
// With the time for one request less than others wait for the lock of the store, under which this happens.
const RETRY_FOR_MS = 25_000;

export type RefreshOptions = Wire & {
  readonly sleep?: Sleep;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
  /** Ends the waiting between tries. A request under way is not cut off: its answer may be the only copy of a new refresh token. */
  readonly signal?: AbortSignal;
};

/**
 * Gets a new access token. The result has the refresh token to use from now on, which is the old one when none came back.
 * Failures that may pass are tried again, at most four times more and within 25 seconds. A refresh whose answer was lost is repeated
 * with the same token: many servers allow that for a while, and where they do not, nothing more is lost, since the answer was
 * the only way to the new one. Throws RunError `credential_refused`, `authorization_unavailable`, `tls_failed`,
 * `redirect_refused` or the interruption.
 */
export async function refresh(
  client: OAuthClient,
  refreshToken: string,
  options: RefreshOptions = {},
): Promise<TokenSet> {
  const { clock = Date.now, sleep = sleepFor, random = Math.random, signal } = options;
  const ask = asker(client, refreshToken, options);
  const endMs = clock() + RETRY_FOR_MS;
  let lost = false;
  for (let tries = 1; ; tries += 1) {
    if (signal?.aborted === true) throw interruption(signal);
    const answer = await ask();
    if (answer.kind === 'tokens') return { refreshToken, ...answer.tokens };
    if (answer.kind === 'refused') throw refused(answer.error, lost);
    lost ||= answer.lost;
    if (answer.lasting !== undefined) throw unavailable(answer, tries, lost);
    const waitMs = Math.max(answer.retryAfterMs ?? 0, backoffMs(tries, random));
    if (tries >= MAX_TRIES || clock() + waitMs > endMs) throw unavailable(answer, tries, lost);
    await sleep(waitMs, signal);
  }
}

function asker(client: OAuthClient, refreshToken: string, wire: Wire): () => Promise<TokenAnswer> {
  const { server, client: registered, insecure } = registrationOf(client);
  const secret = ClientSecretPost(client.clientSecret);
  return () =>
    askForTokens(
      {
        insecure,
        ask: (options) => refreshTokenGrantRequest(server, registered, secret, refreshToken, options),
        read: (response) => processRefreshTokenResponse(server, registered, response),
      },
      wire,
    );
}

function refused(error: string, lost: boolean): RunError {
  const what = error === 'invalid_client' ? 'the client ID or client secret' : 'the refresh token';
  const why =
    lost && error === 'invalid_grant'
      ? '. The answer to an earlier try was lost, so the server may have replaced the refresh token without the new one arriving'
      : '';
  return new RunError(
    'credential_refused',
    `the authorization server does not accept ${what} (${error})${why}`,
  );
}
