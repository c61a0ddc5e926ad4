import { RunError } from '../errors.js';
import { readSecretFile, trimSecret } from '../files/secret-file.js';
import type { Environment } from './layers.js';
import type { Auth } from './types.js';

export type ResolveTokenOptions = {
  readonly env?: Environment;
  /** Path of a file that holds nothing but the token (flag --token-file); `-` is standard input. */
  readonly tokenFile?: string;
  /** Standard input, unless it is the input of the run. */
  readonly stdin?: () => AsyncIterable<Uint8Array>;
};

const MAX_STDIN_BYTES = 64 * 1024;

/**
 * The API token for a delivery: --token-file, else SNAPCAPI_API_TOKEN, else `api_token` of the config, with
 * surrounding blanks and line ends cut off. Throws RunError token_missing, usage when standard
 * input is not to be had, or for the file secret_file_unsafe or config_unreadable.
 */
export async function resolveToken(
  auth: Extract<Auth, { method: 'api_token' }>,
  options: ResolveTokenOptions = {},
): Promise<string> {
  const { tokenFile, stdin } = options;
  if (tokenFile === '-') return usableToken(await readSecretStdin('--token-file', stdin));
  if (tokenFile !== undefined)
    return usableToken(await readSecretFile(tokenFile, { name: 'the token file' }));
  const fromEnvironment = options.env?.['SNAPCAPI_API_TOKEN']?.trim() ?? '';
  const token = fromEnvironment === '' ? (auth.token?.trim() ?? '') : fromEnvironment;
  if (token === '') throw new RunError('token_missing', 'auth_method is api_token, but there is no token');
  return usableToken(token);
}

/**
 * Reads one secret from standard input, for a flag that was given `-`. Throws RunError usage when standard input is not to
 * be had, token_missing when it is empty, or config_unreadable.
 */
export async function readSecretStdin(
  flag: string,
  stdin: (() => AsyncIterable<Uint8Array>) | undefined,
): Promise<string> {
  if (stdin === undefined) {
    throw new RunError('usage', `${flag} - reads standard input, but that is the input`, {
      fix: `Name the input files, or give ${flag} a file.`,
    });
  }
  const secret = trimSecret(await readBounded(stdin));
  if (secret === '') {
    throw new RunError('token_missing', `${flag} - found nothing on standard input`, {
      fix: 'Write the secret into it.',
    });
  }
  return secret;
}

async function readBounded(stdin: () => AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of stdin()) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MAX_STDIN_BYTES) break;
    }
  } catch {
    throw new RunError('config_unreadable', 'standard input cannot be read');
  }
  if (size > MAX_STDIN_BYTES)
    throw new RunError('config_unreadable', 'standard input is larger than any token');
  return Buffer.concat(chunks).toString('utf8');
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
