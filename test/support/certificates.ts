import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type Certificate = { readonly key: string; readonly cert: string };

export type Authority = {
  /** Path of its certificate, for NODE_EXTRA_CA_CERTS. */
  readonly path: string;
  /** Makes a certificate for a host, valid for so many days; below 0 it has expired. */
  readonly issue: (host: string, days?: number) => Certificate;
};

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** Whether there is an openssl to make certificates with. */
export function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Makes an authority whose files lie in a folder. */
export function makeAuthority(folder: string): Authority {
  const [path, key] = [join(folder, 'ca.pem'), join(folder, 'ca.key')];
  const subject = ['-subj', '/CN=authority of a test', '-addext', 'basicConstraints=critical,CA:TRUE'];
  openssl(['req', '-x509', ...KEY, '-keyout', key, '-out', path, '-days', '2', ...subject]);
  let issued = 0;

  function issue(host: string, days = 2): Certificate {
    issued += 1;
    const file = (kind: string): string => join(folder, `${issued}.${kind}`);
    writeFileSync(file('ext'), `subjectAltName=DNS:${host}\n`);
    openssl(['req', ...KEY, '-keyout', file('key'), '-out', file('csr'), '-subj', `/CN=${host}`]);
    const signer = [
      '-CA',
      path,
      '-CAkey',
      key,
      '-CAcreateserial',
      '-days',
      String(days),
      '-extfile',
      file('ext'),
    ];
    openssl(['x509', '-req', '-in', file('csr'), '-out', file('pem'), ...signer]);
    return { key: readFileSync(file('key'), 'utf8'), cert: readFileSync(file('pem'), 'utf8') };
  }

  return { path, issue };
}

function openssl(args: readonly string[]): void {
  execFileSync('openssl', args, { stdio: 'ignore' });
}
