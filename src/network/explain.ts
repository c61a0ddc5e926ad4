import { RunError } from '../errors.js';
import { isProtocolFailure, isProxyFailure, isTlsFailure, withoutProxy } from './failure.js';

type Explanation = { readonly when: RegExp; readonly what: string; readonly fix: string };

const TLS: readonly Explanation[] = [
  {
    when: /^(CERT_HAS_EXPIRED|CRL_HAS_EXPIRED)$/,
    what: 'its certificate has expired',
    fix: 'Check the clock of this machine. If it is right, whoever runs that server has to renew the certificate.',
  },
  {
    when: /^(CERT_NOT_YET_VALID|CRL_NOT_YET_VALID)$/,
    what: 'its certificate is not valid yet',
    fix: 'Check the clock of this machine.',
  },
  {
    when: /^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/,
    what: 'its certificate is for another host name',
    fix: 'Check the host name in the address. If it is right, something between here and there answers in its place.',
  },
  {
    when: /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_.*|CERT_UNTRUSTED|INVALID_CA)$/,
    what: 'its certificate is self-signed, or comes from an authority that is not known here',
    fix: 'If a company proxy inspects TLS, or the server is your own: put the certificate of its authority (PEM) into a file and set NODE_EXTRA_CA_CERTS to the path before the program starts.',
  },
  {
    when: /^CERT_REVOKED$/,
    what: 'its certificate has been revoked',
    fix: 'Send nothing there; ask whoever runs that server.',
  },
  {
    when: /^(EPROTO|ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_PACKET_LENGTH_TOO_LONG|ERR_SSL_UNKNOWN_PROTOCOL|ERR_SSL_HTTP_REQUEST)$/,
    what: 'it does not speak TLS on that port at all',
    fix: 'Check the host and the port of the address, and whether http:// was meant (only on this machine).',
  },
  {
    when: /(PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|HANDSHAKE_FAILURE|NO_SHARED_CIPHER|NO_PROTOCOLS_AVAILABLE)/,
    what: 'no common TLS version or cipher was found',
    fix: 'That server, or a proxy that inspects TLS, is out of date or demands too much; ask whoever runs it.',
  },
];

const OTHER_TLS: Omit<Explanation, 'when'> = {
  what: 'its certificate or its TLS cannot be accepted',
  fix: 'Check the address, the clock, the proxy and NODE_EXTRA_CA_CERTS.',
};

const HINTS: readonly Omit<Explanation, 'fix'>[] = [
  {
    when: /^PROXY_HTTP_5/,
    what: 'the proxy did not get through to the host; check that it may, or except the host with NO_PROXY',
  },
  { when: /^PROXY_/, what: 'the proxy was not reached; check HTTPS_PROXY and NO_PROXY' },
  {
    when: /^(ENOTFOUND|EAI_AGAIN)$/,
    what: 'the host name was not found; check the address and DNS, and whether a proxy (HTTPS_PROXY) is needed here',
  },
  {
    when: /^ECONNREFUSED$/,
    what: 'nothing accepts connections there; check the address and the firewall, and whether a proxy (HTTPS_PROXY) is needed here',
  },
  {
    when: /^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|EHOSTUNREACH|ENETUNREACH|ENETDOWN)$/,
    what: 'the host was not reached; check the network and the firewall, and whether a proxy (HTTPS_PROXY) is needed here',
  },
];

/** The error for a failed connection that no further try can mend, from its `failureCode`; `undefined` for others. */
export function permanentFailure(code: string): RunError | undefined {
  if (isTlsFailure(code)) return tlsFailed(code);
  if (!isProxyFailure(code)) return undefined;
  const status = Number(/^PROXY_HTTP_(\d{3})$/.exec(code)?.[1] ?? Number.NaN);
  if (status === 407) {
    return proxyRefused('demands a user name and password, or does not accept those given', code, {
      fix: 'Write them into HTTPS_PROXY: http://USER:PASSWORD@HOST:PORT (special characters percent-encoded).',
    });
  }
  if (status < 500 && status !== 408 && status !== 429)
    return proxyRefused('does not allow a connection to the API', code);
  return isProtocolFailure(withoutProxy(code)) ? proxyRefused('does not speak HTTP', code) : undefined;
}

/** What a person can check when connections keep failing with this code; empty when there is nothing special to say. */
export function hintFor(code: string): string {
  return HINTS.find(({ when }) => when.test(code))?.what ?? '';
}

function tlsFailed(code: string): RunError {
  const { what, fix } = TLS.find(({ when }) => when.test(withoutProxy(code))) ?? OTHER_TLS;
  const where = isProxyFailure(code) ? 'the proxy' : 'the server';
  return new RunError('tls_failed', `the TLS connection to ${where} cannot be trusted: ${what} (${code})`, {
    fix,
  });
}

function proxyRefused(what: string, code: string, options: { readonly fix?: string } = {}): RunError {
  return new RunError('proxy_refused', `the proxy ${what} (${code})`, options);
}
