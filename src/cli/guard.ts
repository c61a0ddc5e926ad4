import { Writable } from 'node:stream';

import { scrubJson, type Secrets } from '../secrets.js';
import type { Io } from './io.js';

/** Variables that hold nothing but a secret. */
const SECRET_VARIABLES = [
  'SNAPCAPI_API_TOKEN',
  'SNAPCAPI_OAUTH_CLIENT_SECRET',
  'SNAPCAPI_OAUTH_REFRESH_TOKEN',
] as const;

/**
 * The outside world, but no secret gets out: what is written to standard output and error is scrubbed of those in
 * `io.secrets`, to which those of the environment are added.
 */
export async function guardIo(io: Io): Promise<Io> {
  for (const name of SECRET_VARIABLES) io.secrets.add(io.env[name] ?? '');
  if (Object.keys(io.env).some((name) => /proxy/i.test(name))) {
    const { proxySecrets } = await import('../network/proxy.js');
    for (const secret of proxySecrets(io.env)) io.secrets.add(secret);
  }
  return {
    ...io,
    stdout: guardStream(io.stdout, io.secrets),
    stderr: guardStream(io.stderr, io.secrets),
  };
}

/**
 * The same for what Node writes to a stream of the process by itself: with NODE_DEBUG set, addresses of requests, which hold
 * the token. Only texts are looked at.
 */
export function guardWrites(stream: Writable, secrets: Pick<Secrets, 'scrub'>): void {
  const write = stream.write.bind(stream) as (chunk: unknown, ...rest: readonly unknown[]) => boolean;
  stream.write = (chunk: unknown, ...rest: readonly unknown[]) =>
    write(typeof chunk === 'string' ? secrets.scrub(chunk) : chunk, ...rest);
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
