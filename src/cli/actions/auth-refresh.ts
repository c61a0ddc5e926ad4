import { refresh } from '../../auth/refresh.js';
import type { Credential, CredentialSlot, CredentialStore } from '../../auth/types.js';
import { RunError } from '../../errors.js';
import { quoteName } from '../../printable.js';
import { createFetch } from '../../network/fetch.js';
import { allowedHostsOf, type EndpointFlags } from '../allowed-hosts.js';
import type { Io } from '../io.js';
import { watchInterrupts } from '../signals.js';

/**
 * Replaces the tokens of a stored credential and gives it as it is stored now. An interrupt waits: a new refresh token that
 * is not stored would be lost. Throws RunError credential_missing, credential_refused or authorization_unavailable.
 */
export async function refreshStored(
  store: CredentialStore,
  id: string,
  flags: EndpointFlags,
  io: Io,
): Promise<Credential> {
  const fetch = createFetch({
    env: io.env,
    allowedHosts: allowedHostsOf(flags, io),
    setting: 'the URL of the authorization server',
  });
  const interrupts = watchInterrupts(io, (text) => io.stderr.write(text));
  try {
    const change = async (slot: CredentialSlot) => {
      const before = known(await slot.read(), id, io);
      if (before.refreshToken === undefined) {
        throw new RunError(
          'credential_refused',
          `the credential ${quoteName(id)} has no refresh token`,
          loginAgain(id),
        );
      }
      const tokens = await refresh(before, before.refreshToken, {
        fetch,
        clock: io.clock,
        signal: interrupts.signal,
      }).catch((error: unknown) => {
        throw withLogin(error, id);
      });
      const { accessToken, expiresAtMs, ...rest } = before;
      const after: Credential = known({ ...rest, ...tokens, updatedAtMs: io.clock() }, id, io);
      await slot.write(after);
      return after;
    };
    return await store.update(id, change, interrupts.signal);
  } finally {
    interrupts.stop();
  }
}

/** The credential, whose secrets are secrets from now on. Throws RunError credential_missing when there is none. */
export function known(
  credential: Credential | undefined,
  id: string,
  { secrets }: Pick<Io, 'secrets'>,
): Credential {
  if (credential === undefined) {
    throw new RunError('credential_missing', `no credential ${quoteName(id)} is stored`, {
      fix: `\`snapcapi auth list\` shows the names. Make it: snapcapi auth login --id ${id}`,
    });
  }
  for (const secret of [credential.clientSecret, credential.accessToken, credential.refreshToken]) {
    secrets.add(secret ?? '');
  }
  return credential;
}

function withLogin(error: unknown, id: string): unknown {
  if (!(error instanceof RunError) || error.code !== 'credential_refused') return error;
  return new RunError('credential_refused', error.message, loginAgain(id));
}

function loginAgain(id: string): { readonly fix: string } {
  return { fix: `Make it again: snapcapi auth login --id ${id}` };
}
