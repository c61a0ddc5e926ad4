import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { country } from '../../src/normalize/identity.js';
import { COUNTRY_ALIASES } from '../../src/normalize/tables/country-aliases.js';

const load = createRequire(import.meta.url);
const codes = load('i18n-iso-countries/codes.json') as [string, string, string][];
const names = (load('i18n-iso-countries/langs/en.json') as { countries: Record<string, string | string[]> })
  .countries;

const UNKNOWN = { code: 'unknown_country' };

describe('country', () => {
  it('takes every code of the package', () => {
    expect(codes.length).toBeGreaterThanOrEqual(249);
    for (const [alpha2, alpha3, numeric] of codes) {
      const code = alpha2.toLowerCase();
      for (const text of [
        alpha2,
        code,
        alpha3,
        ` ${alpha3.toLowerCase()} `,
        numeric,
        String(Number(numeric)),
      ]) {
        expect(country(text), text).toBe(code);
      }
    }
  });

  it('takes every English name of the package', () => {
    for (const [alpha2, list] of Object.entries(names)) {
      for (const name of [list].flat()) {
        // The package lists the bare name under both Congos.
        const code = name === 'Congo' ? 'cg' : alpha2.toLowerCase();
        for (const text of [
          name,
          name.toUpperCase(),
          name.toLowerCase(),
          ` ${name} `,
          name.replace(/,/g, ''),
        ]) {
          expect(country(text), text).toBe(code);
        }
      }
    }
  });

  it('takes every alias, each of one country', () => {
    for (const [code, list] of Object.entries(COUNTRY_ALIASES)) {
      for (const name of list) expect(country(name), name).toBe(code);
    }
  });

  it.each([
    ['Viet Nam', 'vn'],
    ['Laos', 'la'],
    ['Syria', 'sy'],
    ['South Korea', 'kr'],
    ['Republic of Korea', 'kr'],
    ['North Korea', 'kp'],
    ['Russia', 'ru'],
    ['England', 'gb'],
    ['Scotland', 'gb'],
    ['wales', 'gb'],
    ['Northern Ireland', 'gb'],
    ['UK', 'gb'],
    ['U.K.', 'gb'],
    ['Great Britain', 'gb'],
    ['The United Kingdom', 'gb'],
    ['Türkiye', 'tr'],
    ['TÜRKİYE', 'tr'],
    ['Turkey', 'tr'],
    ['Ivory Coast', 'ci'],
    ["Cote d'Ivoire", 'ci'],
    ['Côte d’Ivoire', 'ci'],
    ['Czechia', 'cz'],
    ['Czech Republic', 'cz'],
    ['Swaziland', 'sz'],
    ['Eswatini', 'sz'],
    ['Burma', 'mm'],
    ['Macedonia', 'mk'],
    ['Cape Verde', 'cv'],
    ['Cabo Verde', 'cv'],
    ['East Timor', 'tl'],
    ['Vatican', 'va'],
    ['Palestine', 'ps'],
    ['Moldova', 'md'],
    ['Bolivia', 'bo'],
    ['Venezuela', 've'],
    ['Tanzania', 'tz'],
    ['Iran', 'ir'],
    ['Brunei', 'bn'],
    ['Micronesia', 'fm'],
    ['Congo', 'cg'],
    ['DR Congo', 'cd'],
    ['Holland', 'nl'],
    ['The Netherlands', 'nl'],
    ['USA', 'us'],
    ['U.S.', 'us'],
    ['U.S.A.', 'us'],
    ['united states', 'us'],
    ['The United States of America', 'us'],
    ['Kosovo', 'xk'],
    ['Trinidad & Tobago', 'tt'],
    ['St. Lucia', 'lc'],
    ['St Kitts & Nevis', 'kn'],
    ['Gambia, The', 'gm'],
    ['curacao', 'cw'],
    ['Hong  Kong', 'hk'],
    ['Guinea Bissau', 'gw'],
    ['Taiwan', 'tw'],
    ['840', 'us'],
    ['4', 'af'],
    ['04', 'af'],
    ['004', 'af'],
  ])('%o → %o', (input, output) => {
    expect(country(input)).toBe(output);
  });

  it.each([
    'Korea',
    'Virgin Islands',
    'Atlantis',
    'zz',
    'xx',
    'zzz',
    '0',
    '999',
    '0840',
    '84.0',
    '-840',
    '+1',
    '.',
    '日本',
    'uſ',
    'x'.repeat(100_000),
  ])('%.40s is not known', (input) => {
    expect(country(input)).toEqual(UNKNOWN);
  });
});
