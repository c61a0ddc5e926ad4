import { environmentAccess } from '../../auth/access.js';
import { environmentCredential } from '../../auth/environment.js';
import { EXIT, RunError } from '../../errors.js';
import { createFetch } from '../../network/fetch.js';
import { jsonText } from '../../report/json-text.js';
import { allowedHostsOf } from '../allowed-hosts.js';
import type { Io } from '../io.js';
import type { Output } from '../output.js';
import { watchInterrupts } from '../signals.js';
import { safeText } from '../terminal.js';
import { warn } from '../warning.js';
import type { StatusFlags } from './auth.js';

/**
 * `snapcapi auth status` without a name: whether a delivery could use the credential of the environment. With --check it is
 * refreshed to find out. Throws RunError usage when there is none, credential_incomplete, or what a refresh does.
 */
export async function runEnvironmentStatus(flags: StatusFlags, io: Io, out: Output): Promise<number> {
  const credential = environmentCredential(io.env);
  if (credential === undefined) {
    throw new RunError('usage', 'no credential is named, and there is none in the environment', {
      fix: 'Name a stored one (`snapcapi auth list` shows them), or set SNAPCAPI_OAUTH_CLIENT_ID, SNAPCAPI_OAUTH_CLIENT_SECRET and SNAPCAPI_OAUTH_REFRESH_TOKEN.',
    });
  }
  const checked = flags.check === true;
  if (checked) await refreshOnce(credential, flags, io);
  const record = {
    id: null,
    works: true,
    can_refresh: true,
    checked,
    client_id: credential.clientId,
    authorization_server: credential.accountsUrl,
  };
  const text = [
    'the credential of the environment, which exports use before any stored one',
    `  works         ${checked ? 'yes, it was just refreshed' : 'not checked; --check asks the authorization server'}`,
    `  client ID     ${record.client_id}`,
    `  server        ${record.authorization_server}`,
  ].join('\n');
  await out.write(flags.json === true ? `${jsonText(record, 2)}\n` : safeText(`${text}\n`));
  return EXIT.ok;
}

async function refreshOnce(
  credential: Parameters<typeof environmentAccess>[0],
  flags: StatusFlags,
  io: Io,
): Promise<void> {
  const interrupts = watchInterrupts(io, (text) => io.stderr.write(text));
  const access = environmentAccess(credential, {
    secrets: io.secrets,
    clock: io.clock,
    signal: interrupts.signal,
    // Nobody waits minutes for a status.
    retryForMs: 0,
    fetch: createFetch({
      env: io.env,
      allowedHosts: allowedHostsOf(flags, io),
      setting: 'SNAPCAPI_OAUTH_BASE_URL',
    }),
    onRotated: () => {
      warn(USED_UP, {}, io);
    },
  });
  try {
    await access.current();
  } finally {
    interrupts.stop();
  }
}

const USED_UP = {
  code: 'credential',
  message:
    'the authorization server replaced the refresh token, so the one in SNAPCAPI_OAUTH_REFRESH_TOKEN may be used up',
  fix: 'Use a stored credential (`snapcapi auth login`), which keeps the new one.',
};
