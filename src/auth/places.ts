import { isAbsolute, join, resolve } from 'node:path';
import { RunError } from '../errors.js';
import { homeDirectory } from '../files/home.js';
import { quoteName } from '../printable.js';

export type CredentialsPlaces = {
  /** What --credentials-file says. */
  readonly flag?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Gives the home directory of the user; may throw. */
  readonly home: () => string;
  readonly platform: NodeJS.Platform;
};

const NO_HOME_FIX =
  'Name a file for credentials with --credentials-file or SNAPCAPI_CREDENTIALS_FILE, or give the credential in the environment.';

/**
 * Where credentials are stored: --credentials-file, SNAPCAPI_CREDENTIALS_FILE, `snapcapi/credentials.json` in
 * XDG_CONFIG_HOME (if it is absolute, as its specification demands), else in ~/.config, or in APPDATA on Windows.
 * Throws RunError home_missing.
 */
export function credentialsFile({ flag, env, home, platform }: CredentialsPlaces): string {
  const named = flag ?? env['SNAPCAPI_CREDENTIALS_FILE'] ?? '';
  if (named !== '') return resolve(named);
  return join(configHome(env, home, platform), 'snapcapi', 'credentials.json');
}

function configHome(env: CredentialsPlaces['env'], home: () => string, platform: NodeJS.Platform): string {
  const xdg = env['XDG_CONFIG_HOME'] ?? '';
  if (isAbsolute(xdg)) return xdg;
  const roaming = env['APPDATA'] ?? '';
  return platform === 'win32' && roaming !== '' ? roaming : join(homeDirectory(home, NO_HOME_FIX), '.config');
}

/** Checks a name for a credential and gives it back. Throws RunError usage. */
export function credentialName(text: string): string {
  if (/^[A-Za-z0-9._-]{1,64}$/.test(text)) return text;
  throw new RunError('usage', `${quoteName(text)} cannot name a credential`, {
    fix: 'Take 1 to 64 of these: A-Z a-z 0-9 . _ -',
  });
}
