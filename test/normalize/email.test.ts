import { describe, expect, it } from 'vitest';
import { checkEmail, email } from '../../src/normalize/identity.js';

const LABEL = 'a'.repeat(63);

describe('email', () => {
  it.each([
    ['Person@Example.com', 'person@example.com'],
    [' A.B+tag@Mail.Example ', 'a.b+tag@mail.example'],
    ['MÜLLER@BÜCHER.DE', 'müller@bücher.de'],
  ])('%o → %o', (input, output) => {
    expect(email(input)).toBe(output);
  });
});

describe('checkEmail', () => {
  it.each([
    'person@example.com',
    'a@b',
    'first.last+tag@sub.example.co.uk',
    "!#$%&'*+/=?^_`{|}~-@example.com",
    '.dots..anywhere.@example.com',
    '1@2.3',
    'müller@bücher.de',
    'राम@उदाहरण.भारत',
    '用户@例子.中国',
    `a@${LABEL}.com`,
    'a@x-y--z.com',
  ])('accepts %o', (value) => {
    expect(checkEmail(value)).toBeUndefined();
  });

  it.each([
    '',
    '@',
    'a',
    'a@',
    '@b',
    'a@b@c',
    'a b@c.d',
    'a@b c',
    'a@b.',
    'a@.b',
    'a@b..c',
    'a@-b',
    'a@b-',
    'a@b-.c',
    'a@b.-c',
    'a@b_c.d',
    `a@${LABEL}a.com`,
    'a,b@c.d',
    '"a b"@c.d',
    'a@[127.0.0.1]',
    'a@b.c\n',
    'mailto:a@b.c',
    '😀@b.c',
    'a@😀.c',
    'a\u200b@b.c',
    'Name <a@b.c>',
  ])('refuses %o', (value) => {
    expect(checkEmail(value)).toEqual({ code: 'invalid_email' });
  });

  it('takes time in proportion to the length', () => {
    const start = process.cpuUsage().user;
    for (const value of ['a.'.repeat(500_000), `a@${'a-'.repeat(500_000)}`, `a@${'a.'.repeat(500_000)}`]) {
      expect(checkEmail(value)).toEqual({ code: 'invalid_email' });
    }
    expect(process.cpuUsage().user - start).toBeLessThan(2_000_000);
  });
});
