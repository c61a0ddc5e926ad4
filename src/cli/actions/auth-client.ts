import { accountsUrlOf, environmentClient } from '../../auth/environment.js';
import type { OAuthClient } from '../../auth/types.js';
import { readSecretStdin } from '../../config/token.js';
import { readSecretFile } from '../../files/secret-file.js';
import type { Io } from '../io.js';
import { prompt } from '../prompt.js';

export type ClientFlags = {
  readonly clientId?: string;
  /** Path of a file that holds nothing but the secret; `-` is standard input. */
  readonly clientSecretFile?: string;
};

const WHERE_FROM =
  'Client ID and client secret are those of your OAuth app\n(in Snap Business Manager, under Business Details).\n';

/** The client to log in with: from flags, else the environment, else the person at the terminal. */
export async function clientOf(flags: ClientFlags, io: Io): Promise<OAuthClient> {
  const known = environmentClient(io.env);
  const isComplete =
    (flags.clientId ?? known.clientId) !== undefined &&
    (flags.clientSecretFile ?? known.clientSecret) !== undefined;
  if (!isComplete && io.stdinIsTerminal) io.stderr.write(WHERE_FROM);
  const clientId = flags.clientId ?? known.clientId ?? (await askForId(io));
  const clientSecret = await secretOf(flags, known.clientSecret, io);
  io.secrets.add(clientSecret);
  return { clientId, clientSecret, accountsUrl: accountsUrlOf(io.env) };
}

async function secretOf(flags: ClientFlags, known: string | undefined, io: Io): Promise<string> {
  const { clientSecretFile: file } = flags;
  if (file === '-') return readSecretStdin('--client-secret-file', io.stdin);
  if (file !== undefined) return readSecretFile(file, { name: 'the client secret file' });
  return known ?? askForSecret(io);
}

function askForId(io: Io): Promise<string> {
  const fix = 'Give --client-id, or set SNAPCAPI_OAUTH_CLIENT_ID.';
  return prompt({ what: 'client ID', silent: false, fix }, io);
}

function askForSecret(io: Io): Promise<string> {
  const fix = 'Set SNAPCAPI_OAUTH_CLIENT_SECRET, or give --client-secret-file.';
  return prompt({ what: 'client secret', silent: true, fix }, io);
}
