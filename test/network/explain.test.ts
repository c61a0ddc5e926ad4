import { describe, expect, test } from 'vitest';

import { hintFor, permanentFailure } from '../../src/network/explain.js';

describe('a failed connection that no further try can mend', () => {
  test.each([
    ['CERT_HAS_EXPIRED', /has expired/, /clock/],
    ['CERT_NOT_YET_VALID', /not valid yet/, /clock/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /another host name/, /host name in the address/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /self-signed/, /NODE_EXTRA_CA_CERTS/],
    ['SELF_SIGNED_CERT_IN_CHAIN', /self-signed/, /NODE_EXTRA_CA_CERTS/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /not known here/, /NODE_EXTRA_CA_CERTS/],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', /not known here/, /NODE_EXTRA_CA_CERTS/],
    ['CERT_REVOKED', /revoked/, /Send nothing/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', /does not speak TLS/, /host and the port/],
    ['EPROTO', /does not speak TLS/, /host and the port/],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', /no common TLS version/, /out of date/],
    ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', /no common TLS version/, /out of date/],
    ['INVALID_PURPOSE', /cannot be accepted/, /clock/],
  ])('%s', (code, what, fix) => {
    const error = permanentFailure(code);
    expect(error).toMatchObject({ code: 'tls_failed', exitCode: 69 });
    expect(error?.message).toMatch(what);
    expect(error?.message).toContain('to the server');
    expect(error?.fix).toMatch(fix);
    expect(permanentFailure(`PROXY_${code}`)?.message).toMatch(what);
    expect(permanentFailure(`PROXY_${code}`)?.message).toContain('to the proxy');
  });

  test.each([
    'ECONNREFUSED',
    'ENOTFOUND',
    'TIMEOUT',
    'HPE_INVALID_CONSTANT',
    'PROXY_TIMEOUT',
    'PROXY_ENOTFOUND',
  ])('is not %s', (code) => {
    expect(permanentFailure(code)).toBeUndefined();
  });
});

describe('what to check', () => {
  test.each([
    ['ENOTFOUND', /DNS.*HTTPS_PROXY/],
    ['EAI_AGAIN', /DNS/],
    ['ECONNREFUSED', /firewall.*HTTPS_PROXY/],
    ['ETIMEDOUT', /firewall.*HTTPS_PROXY/],
    ['UND_ERR_CONNECT_TIMEOUT', /firewall/],
    ['PROXY_ECONNREFUSED', /proxy was not reached/],
    ['PROXY_HTTP_504', /did not get through/],
    ['HTTP 503', /^$/],
    ['ECONNRESET', /^$/],
  ])('after %s', (code, hint) => {
    expect(hintFor(code)).toMatch(hint);
  });
});
