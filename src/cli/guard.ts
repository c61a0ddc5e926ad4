import { Writable } from 'node:stream';

import { scrubJson, type Secrets } from '../secrets.js';
import type { Io } from './io.js';

/** Variables that hold nothing but a secret. */
const SECRET_VARIABLES = [
  'SNAPCAPI_API_TOKEN',
  'SNAPCAPI_OAUTH_CLIENT_SECRET',
  'SNAPCAPI_OAUTH_REFRESH_TOKEN',
] as const;

/** Variables that name a proxy, perhaps with a password. */
const PROXY_VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'] as const;

/**
 * The outside world, but no secret gets out: what is written to standard output and error is scrubbed of those in
 * `io.secrets`, to which those of the environment are added.
 */
export function guardIo(io: Io): Io {
  for (const name of SECRET_VARIABLES) io.secrets.add(io.env[name] ?? '');
  for (const name of PROXY_VARIABLES) io.secrets.add(passwordOf(io.env[name] ?? ''));
  return {
    ...io,
    stdout: guardStream(io.stdout, io.secrets),
    stderr: guardStream(io.stderr, io.secrets),
  };
}

function guardStream(stream: Writable, secrets: Secrets): Writable {
  return new Writable({
    decodeStrings: false,
    write(text: string | Uint8Array, _, done) {
      // Without waiting: the process may end right after a message.
      stream.write(scrubJson(typeof text === 'string' ? text : Buffer.from(text).toString(), secrets));
      done();
    },
  });
}

/** As typed: escaped or not makes no difference to what is found. */
function passwordOf(proxy: string): string {
  const password = /^(?:[a-z]+:\/\/)?[^/?#]*?:([^/?#]*)@/i.exec(proxy)?.[1] ?? '';
  try {
    return decodeURIComponent(password);
  } catch {
    return password;
  }
}
