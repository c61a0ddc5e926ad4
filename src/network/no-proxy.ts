import { BlockList, isIP } from 'node:net';

export type Target = { readonly hostname: string; readonly port: number };

/**
 * Whether `NO_PROXY` names the target: entries are parted by commas or blanks and are `*`, a host (its subdomains count, with
 * or without a dot or `*.` in front), an address, a network such as `10.0.0.0/8`, any but the last with `:PORT`. The host
 * of the target is lower case and has no brackets.
 */
export function isExempt(target: Target, noProxy: string): boolean {
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => entry !== '' && matches(entry, target));
}

function matches(entry: string, { hostname, port }: Target): boolean {
  if (entry === '*') return true;
  const { name, port: wanted } = partsOf(entry);
  if (wanted !== undefined && wanted !== port) return false;
  const version = isIP(hostname);
  if (version !== 0) return isInNetwork(hostname, version, name);
  const domain = name.replace(/^\*?\./, '').replace(/\.$/, '');
  const host = hostname.replace(/\.$/, '');
  return domain !== '' && (host === domain || host.endsWith(`.${domain}`));
}

function partsOf(entry: string): { readonly name: string; readonly port: number | undefined } {
  const bracketed = /^\[([^\]]*)\](?::(\d+))?$/.exec(entry);
  const found = bracketed ?? (isIP(entry) === 6 ? null : /^([^:]+):(\d+)$/.exec(entry));
  if (found === null) return { name: entry, port: undefined };
  return { name: found[1] ?? '', port: found[2] === undefined ? undefined : Number(found[2]) };
}

function isInNetwork(address: string, version: number, network: string): boolean {
  const [base = '', bits] = network.split('/');
  const family = version === 6 ? 'ipv6' : 'ipv4';
  if (isIP(base) !== version) return false;
  const most = version === 6 ? 128 : 32;
  const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
  if (!(prefix <= most)) return false;
  const list = new BlockList();
  list.addSubnet(base, prefix, family);
  return list.check(address, family);
}
