import { homedir } from 'node:os';
import type { Command } from 'commander';

import { credentialsFile } from '../auth/places.js';
import type { Io } from './io.js';

export type CredentialsFlags = { readonly credentialsFile?: string };

/** Adds --credentials-file. */
export function addCredentialsFile(command: Command): Command {
  return command.option(
    '--credentials-file <file>',
    'File of stored credentials (default: SNAPCAPI_CREDENTIALS_FILE, else snapcapi/credentials.json in the XDG config directory)',
  );
}

/** Where credentials are stored: what --credentials-file says, else the environment, else the usual place. */
export function credentialsFileOf(
  { credentialsFile: flag }: CredentialsFlags,
  { env }: Pick<Io, 'env'>,
): string {
  return credentialsFile({ flag, env, home: homedir, platform: process.platform });
}
