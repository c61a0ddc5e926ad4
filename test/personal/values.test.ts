import { describe, expect, it } from 'vitest';
import { kindOf } from '../../src/personal/values.js';

describe('kinds of values', () => {
  it.each([
    ['a@example.com', 'email'],
    ['  Ann.Lee+x@EXAMPLE.co.uk ', 'email'],
    ['jürgen@müller.de', 'email'],
    ['+14155550101', 'phone'],
    ['+44 (0)20 7946-0958', 'phone'],
    ['+49 30/1234 567', 'phone'],
    ['a'.repeat(64), 'hash'],
    [`\\x${'0F'.repeat(32)}`, 'hash'],
    ['true', 'boolean'],
    ['No', 'boolean'],
    ['0', 'boolean'],
    ['root@localhost', 'other'],
    ['package@1.2.3', 'other'],
    ['write to a@example.com', 'other'],
    ['4155550101', 'other'],
    ['+05:30', 'other'],
    ['+1234567', 'other'],
    ['+1234567890123456', 'other'],
    ['+0123456789', 'other'],
    ['', 'other'],
  ])('%j is %s', (text, kind) => {
    expect(kindOf(text)).toBe(kind);
  });
});
