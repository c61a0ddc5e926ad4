import { fixedToken, type AccessTokens } from '../access.js';
import { environmentCredential, type EnvironmentCredential } from '../auth/environment.js';
import { resolveToken, type Config } from '../config.js';
import { RunError } from '../errors.js';
import type { Secrets } from '../secrets.js';

export type AccessSources = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly tokenFile?: string;
  /** Standard input, unless it is the input of the run. */
  readonly stdin?: () => AsyncIterable<Uint8Array>;
  /** Gives the path of the credentials file; called only when stored credentials are needed. */
  readonly credentialsFile: () => string;
  /** Every secret that is met is added. */
  readonly secrets: Pick<Secrets, 'add'>;
  /** Hosts beside the vendor's that may be sent a credential. */
  readonly allowedHosts?: readonly string[];
  readonly clock?: () => number;
  readonly signal?: AbortSignal;
  /** Told after each refresh, when the new tokens are stored. */
  readonly onRefresh?: () => void;
  /** Told before each wait of so many ms for what is out of order. */
  readonly onDelay?: (problem: RunError, waitMs: number) => void;
  /** Told when the credential of the environment was used up by a rotation. */
  readonly onRotated?: () => void;
  /** For how long an authorization server that does not answer is waited for, ms. */
  readonly retryForMs?: number;
};

/** Longer than another process may need for a refresh with its retries. */
const LOCK_TIMEOUT_MS = 180_000;

/**
 * Where a delivery gets its access token from: an API token, else the OAuth credential of the environment, else the stored one that
 * the config names. What is missing is found out now, not at the first request. Throws what `resolveToken` does, or RunError
 * credential_incomplete, credential_missing, or one of the store.
 */
export async function accessFor(config: Config, sources: AccessSources): Promise<AccessTokens> {
  const { env, tokenFile, stdin, secrets } = sources;
  if (config.auth.method === 'oauth') return oauthAccess(config.auth.credentialsId, sources);
  const token = await resolveToken(config.auth, {
    env,
    ...(tokenFile === undefined ? {} : { tokenFile }),
    ...(stdin === undefined ? {} : { stdin }),
  });
  secrets.add(token);
  return fixedToken(token);
}

async function oauthAccess(id: string, sources: AccessSources): Promise<AccessTokens> {
  if (sources.tokenFile !== undefined) {
    throw new RunError('usage', '--token-file is given, but auth_method is oauth', {
      fix: 'Set "auth_method" to "api_token", or leave --token-file out.',
    });
  }
  const [{ environmentAccess, storedAccess }, { openCredentialStore }, { createFetch }] = await Promise.all([
    import('../auth/access.js'),
    import('../auth/store.js'),
    import('../network/fetch.js'),
  ]);
  const {
    env,
    secrets,
    clock,
    signal,
    allowedHosts = [],
    onRefresh,
    onDelay,
    onRotated,
    retryForMs,
  } = sources;
  const options = {
    secrets,
    fetch: createFetch({ env, allowedHosts, setting: 'the URL of the authorization server' }),
    ...(clock === undefined ? {} : { clock }),
    ...(signal === undefined ? {} : { signal }),
    ...(onRefresh === undefined ? {} : { onRefresh }),
    ...(onDelay === undefined ? {} : { onDelay }),
    ...(retryForMs === undefined ? {} : { retryForMs }),
  };
  const openStore = () =>
    openCredentialStore({ path: sources.credentialsFile(), lockTimeoutMs: LOCK_TIMEOUT_MS });
  const given = await credentialOf(env, async () => (await openStore().get(id)) !== undefined);
  if (given === undefined) {
    const store = openStore();
    const access = storedAccess(store, id, options);
    // Rejects, and says what there is instead.
    if ((await store.get(id)) === undefined) await access.current();
    return access;
  }
  for (const secret of [given.clientSecret, given.refreshToken]) secrets.add(secret);
  return environmentAccess(given, { ...options, ...(onRotated === undefined ? {} : { onRotated }) });
}

/**
 * The credential of the environment, if it is one. Client ID and secret alone may be there for `auth login`: they are a mistake only
 * when nothing is stored.
 */
async function credentialOf(
  env: AccessSources['env'],
  isStored: () => Promise<boolean>,
): Promise<EnvironmentCredential | undefined> {
  try {
    return environmentCredential(env);
  } catch (error) {
    const forLogin = (env['SNAPCAPI_OAUTH_REFRESH_TOKEN']?.trim() ?? '') === '';
    if (forLogin && (await isStored())) return undefined;
    throw error;
  }
}
