import type { Command } from 'commander';

import type { Io } from './io.js';

export type EndpointFlags = { readonly allowEndpoint?: readonly string[] };

/** Which hosts beside the vendor's may be sent a credential. No config key: a config may come from somebody else. */
export function addEndpointOption(command: Command): Command {
  return command.option(
    '--allow-endpoint <host>',
    'Host outside snapchat.com that may receive the credential (repeatable; also SNAPCAPI_ALLOW_ENDPOINT)',
    collectHost,
  );
}

/** The hosts of --allow-endpoint and of SNAPCAPI_ALLOW_ENDPOINT, where commas or blanks part them. */
export function allowedHostsOf(
  { allowEndpoint = [] }: EndpointFlags,
  { env }: Pick<Io, 'env'>,
): readonly string[] {
  const named = (env['SNAPCAPI_ALLOW_ENDPOINT'] ?? '').split(/[\s,]+/).filter((host) => host !== '');
  return [...allowEndpoint, ...named];
}

function collectHost(host: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, host];
}
