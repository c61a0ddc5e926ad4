import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../../src/normalize/hash.js';
import { email, personName, phone, postalCode, state } from '../../src/normalize/identity.js';
import type { Normalizer } from '../../src/normalize/types.js';

/** Inputs, normalized texts and hashes as Snap's documentation and its SDKs publish them. */
const VECTORS: readonly (readonly [string, Normalizer, string, string, string])[] = [
  [
    'em',
    email,
    'Person@Example.com',
    'person@example.com',
    '542d240129883c019e106e3b1b2d3f3cb3537c43c425364de8e951d5a3083345',
  ],
  [
    'em',
    email,
    '    test123@example.com  ',
    'test123@example.com',
    '20b82517b67108ed3a171539dc5dd1da605660249b02f38dd70f572a545c7d18',
  ],
  [
    'ph',
    phone,
    '+44 844 412 4653',
    '448444124653',
    'dc008fda46e2e64002cf2f82a4906236282d431c4f75e5b60bfe79fc48546383',
  ],
  [
    'ph',
    phone,
    '+44-447-234-2344',
    '444472342344',
    '19f25a18866af88fc60189c3af85010a0b971cf976053787fe21e004538c20a0',
  ],
  [
    'ph',
    phone,
    '0044-447-234-2344',
    '444472342344',
    '19f25a18866af88fc60189c3af85010a0b971cf976053787fe21e004538c20a0',
  ],
  [
    'ph',
    phone,
    '+1-447-234-2344',
    '14472342344',
    '34053b331d29734f081bf74160cd33bc2f621b3b6f8ec991500bebf49f14e014',
  ],
  [
    'ph',
    phone,
    '+1-(447) 234 2344',
    '14472342344',
    '34053b331d29734f081bf74160cd33bc2f621b3b6f8ec991500bebf49f14e014',
  ],
  ['fn', personName, 'John', 'john', '96d9632f363564cc3032521409cf22a852f2032eec099ed5967c0d000cec607a'],
  [
    'fn',
    personName,
    'Raphaël',
    'raphaël',
    'e74bb89e718fe1e19c422a48382870399f8bf7ca8dfa008739e75b0be76627b7',
  ],
  ['st', state, 'CA', 'ca', '6959097001d10501ac7d54c0bdb8db61420f658f2922cc26e46d536119a31126'],
  ['zp', postalCode, '00000', '00000', 'e7042ac7d09c7bc41c8cfa5749e41858f6980643bc0db1a83cc793d3e24d3f77'],
];

describe('official vectors', () => {
  it.each(VECTORS)('%s: %o %s', (_field, normalize, input, normalized, hash) => {
    expect(normalize(input, { country: undefined })).toBe(normalized);
    expect(sha256Hex(normalized)).toBe(hash);
  });
});

describe('sha256Hex', () => {
  // printf '%s' TEXT | sha256sum
  it.each([
    ['mary jane', 'e3a62fcabda79e1b70db99ef77d0e0af36d27e3c48bce714fac085d5058d945a'],
    ['newyork', '350c754ba4d38897693aa077ef43072a859d23f613443133fecbbd90a3512ca5'],
    ['us', '79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621'],
    ['日本', 'cf2abf0c5be326cb922a70f8163f91079c4d9aa8655c60ead89ad545c9de2e92'],
  ])('hashes the UTF-8 bytes of %s', (text, hash) => {
    expect(sha256Hex(text)).toBe(hash);
  });
});
