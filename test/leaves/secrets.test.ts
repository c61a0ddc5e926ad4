import { describe, expect, test } from 'vitest';

import { createSecrets, scrubJson } from '../../src/secrets.js';

const SECRET = 'eyJ0/b+c="x&y<z>\'é\\ k~';
const { scrub } = createSecrets([SECRET]);

const form = (text: string): string => new URLSearchParams([['k', text]]).toString().slice(2);
const html = (text: string): string =>
  text.replace(
    /[&<>"']/g,
    (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char] ?? '&#39;',
  );
const each = (text: string, escape: (char: string) => string): string => Array.from(text, escape).join('');
const percent = (char: string): string => Buffer.from(char).toString('hex').replace(/../g, '%$&');

const SPELLINGS: Readonly<Record<string, string>> = {
  raw: SECRET,
  'percent-encoded': encodeURIComponent(SECRET),
  'percent-encoded in small letters': encodeURIComponent(SECRET).replace(/%../g, (one) => one.toLowerCase()),
  'as in a form': form(SECRET),
  'percent-encoded in part': SECRET.replace('/', '%2F').replace(' ', '%20'),
  'percent-encoded throughout': each(SECRET, percent),
  'percent-encoded twice': encodeURIComponent(encodeURIComponent(SECRET)),
  'in JSON': JSON.stringify(SECRET).slice(1, -1),
  'in JSON with escaped slashes': JSON.stringify(SECRET).slice(1, -1).replaceAll('/', '\\/'),
  'in JSON in JSON': JSON.stringify(JSON.stringify(SECRET).slice(1, -1)).slice(1, -1),
  'in JSON, only escapes': each(SECRET, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'in HTML': html(SECRET),
  'in HTML, numbered': each(SECRET, (char) => `&#${char.charCodeAt(0)};`),
  'in HTML, numbered in hex': each(SECRET, (char) => `&#x${char.charCodeAt(0).toString(16).toUpperCase()};`),
  hex: Buffer.from(SECRET).toString('hex'),
  HEX: Buffer.from(SECRET).toString('hex').toUpperCase(),
};

describe('a secret is found', () => {
  test.each(Object.entries(SPELLINGS))('%s', (_, spelling) => {
    expect(scrub(`a ${spelling}; b`)).toBe('a ***; b');
  });

  test.each(['', 'i', 'id', 'id:', 'client:', 'Basic '])('in base64 after %j', (before) => {
    const wholes = [SECRET, encodeURIComponent(SECRET), form(SECRET), JSON.stringify(SECRET).slice(1, -1)];
    for (const secret of wholes) {
      for (const alphabet of ['base64', 'base64url'] as const) {
        for (const after of ['', 'x', 'yz', '"}\n']) {
          const shown = scrub(Buffer.from(`${before}${secret}${after}`).toString(alphabet));
          expect(shown).toContain('***');
          expect(Buffer.from(shown.replace('***', ''), 'base64').length).toBeLessThan(before.length + 5);
        }
      }
    }
  });

  test('in a long text, every time', () => {
    const filler = '{"message":"100 % \\"fine\\" & well"}\n'.repeat(1000);
    expect(scrub(`${filler}${SECRET}${filler}${encodeURIComponent(SECRET)}`)).toBe(
      `${filler}***${filler}***`,
    );
  });

  test('also when it becomes one later, and the longest first', () => {
    const secrets = createSecrets(['abcdefgh']);
    expect(secrets.scrub('abcdefgh-ijkl')).toBe('***-ijkl');
    secrets.add('abcdefgh-ijkl');
    secrets.add('');
    expect(secrets.scrub('abcdefgh-ijkl abcdefgh')).toBe('*** ***');
  });
});

describe('a short secret', () => {
  test('is found as a word and destroys nothing else', () => {
    const short = createSecrets(['secret7', 'conf', 'the', ' ']);
    expect(short.scrub('secret7 (secret7), secret78, config conf=conf the')).toBe(
      '*** (***), secret78, config ***=*** the',
    );
    expect(short.scrub(Buffer.from('secret7').toString('base64'))).toBe('c2VjcmV0Nw==');
  });
});

describe('JSON', () => {
  test('stays JSON whatever the secret looks like', () => {
    const secrets = createSecrets(['nabcdefg', '12345678', 'abcdefg\\', 'u0041xyz']);
    const value = { a: '\nabcdefg', n: 123456789, list: ['x abcdefg\\', 'nabcdefg'], path: 'C:\\u0041xyz' };
    const clean = { a: '\nabcdefg', n: 123456789, list: ['x ***', '***'], path: 'C:\\***' };
    expect(JSON.parse(scrubJson(JSON.stringify(value), secrets))).toEqual(clean);
    expect(scrubJson(`${JSON.stringify(value, null, 2)}\n`, secrets)).toBe(
      `${JSON.stringify(clean, null, 2)}\n`,
    );
    const two = `${JSON.stringify(value)}\n${JSON.stringify({ b: 1 })}\n`;
    expect(scrubJson(two, secrets)).toBe(`${JSON.stringify(clean)}\n{"b":1}\n`);
  });

  test('that is none is scrubbed all the same', () => {
    expect(scrubJson('{"a":"abcdefgh', createSecrets(['abcdefgh']))).toBe('{"a":"***');
  });
});

test('looking for what is not there costs next to nothing', () => {
  const secrets = createSecrets(Array.from({ length: 6 }, (_, i) => `${i}eyJhbGciOiJIUzI1NiJ9.`.repeat(20)));
  const line = `${JSON.stringify({ file: 'rows.csv', row: 12, issues: [{ message: 'column "em" is no address' }] })}\n`;
  const text = line.repeat(10_000);
  const startedMs = performance.now();
  expect(secrets.scrub(text)).toBe(text);
  // 0.9 MB; measured 10 ms. A search that goes wrong takes a hundred times as long.
  expect(performance.now() - startedMs).toBeLessThan(500);
});
