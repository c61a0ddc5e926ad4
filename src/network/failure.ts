/** What stands before the code of a failure on the way to the proxy. */
export const PROXY_PREFIX = 'PROXY_';

/**
 * The code of a network failure, safe to show: a foreign message may hold the URL, so nothing else of the error is used.
 * Some protocol errors have no code; they get one made from their name.
 */
export function failureCode(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  const code: unknown = 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,63}$/.test(code)) return code;
  if (error.name === 'HTTPParserError') return 'HTTP_PARSER';
  if (error.name === 'AbortError') return 'ABORTED';
  if (error.name === 'TimeoutError') return 'TIMEOUT';
  return 'UNKNOWN';
}

/** Whether the failure is about TLS: a certificate that is not trusted, or no TLS at the other end. */
export function isTlsFailure(code: string): boolean {
  const bare = withoutProxy(code);
  return TLS_CODES.has(bare) || /^(ERR_TLS_|ERR_SSL_|CERT_|CRL_|UNABLE_TO_)/.test(bare);
}

/** Whether an answer came, but was no HTTP. */
export function isProtocolFailure(code: string): boolean {
  return code === 'HTTP_PARSER' || code.startsWith('HPE_');
}

/** Whether it is the proxy that was not reached, or that did not let the request through. */
export function isProxyFailure(code: string): boolean {
  return code.startsWith(PROXY_PREFIX);
}

/** The code of a failure as it would be without a proxy. */
export function withoutProxy(code: string): string {
  return isProxyFailure(code) ? code.slice(PROXY_PREFIX.length) : code;
}

const TLS_CODES: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'INVALID_PURPOSE',
  'PATH_LENGTH_EXCEEDED',
  'EPROTO',
]);
