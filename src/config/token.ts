import { readFile } from 'node:fs/promises';

import { RunError } from '../errors.js';
import { quoteName } from '../issues.js';
import type { Environment } from './layers.js';
import type { Config } from './types.js';

export type ResolveTokenOptions = {
  readonly env?: Environment;
  /** Path of a file that holds nothing but the token (flag --token-file). */
  readonly tokenFile?: string;
  /** Reads a text file. Default: the file system. */
  readonly readText?: (path: string) => Promise<string>;
};

/**
 * The API token for a delivery: --token-file, else SNAPCAPI_API_TOKEN, else `api_token` of the config, with
 * surrounding blanks and line ends cut off. Throws RunError oauth_not_available, token_missing, or
 * config_unreadable for the file.
 */
export async function resolveToken(config: Config, options: ResolveTokenOptions = {}): Promise<string> {
  if (config.auth.method === 'oauth') {
    throw new RunError('oauth_not_available', 'this config uses auth_method oauth, which cannot deliver yet');
  }
  if (options.tokenFile !== undefined) return readTokenFile(options.tokenFile, options.readText);
  const fromEnvironment = options.env?.['SNAPCAPI_API_TOKEN']?.trim() ?? '';
  const token = fromEnvironment === '' ? (config.auth.token?.trim() ?? '') : fromEnvironment;
  if (token === '') throw new RunError('token_missing', 'auth_method is api_token, but there is no token');
  return usableToken(token);
}

async function readTokenFile(
  path: string,
  readText = (file: string) => readFile(file, 'utf8'),
): Promise<string> {
  let text: string;
  try {
    text = await readText(path);
  } catch {
    throw new RunError('config_unreadable', `the token file ${quoteName(path)} cannot be read`);
  }
  const token = text.replace(/^\ufeff/, '').trim();
  if (token === '') throw new RunError('token_missing', `the token file ${quoteName(path)} is empty`);
  return usableToken(token);
}

function usableToken(token: string): string {
  if (!/^[\u0021-\u007e]+$/.test(token)) {
    throw new RunError(
      'token_missing',
      'the token contains blanks, line ends or other characters no token has',
      {
        fix: 'Give the token alone, on one line.',
      },
    );
  }
  return token;
}
