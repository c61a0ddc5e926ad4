import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { decodeConfig } from '../../src/config/decode.js';
import { failure } from './support.js';

const TEXT = '{\n  "name": "Zoë"\n}';

describe('decodeConfig', () => {
  it('reads UTF-8, with a byte order mark and with U+FFFD in it', () => {
    expect(decodeConfig(Buffer.from(TEXT), 'c')).toBe(TEXT);
    expect(decodeConfig(Buffer.from(`\ufeff${TEXT}`), 'c')).toBe(TEXT);
    expect(decodeConfig(Buffer.from('"\ufffd"'), 'c')).toBe('"\ufffd"');
    expect(decodeConfig(new Uint8Array(0), 'c')).toBe('');
  });

  it('refuses Latin-1 and names line and column', () => {
    const error = failure(() => decodeConfig(Buffer.from(TEXT, 'latin1'), 'c.json'));
    expect(error.code).toBe('config_unreadable');
    expect(error.message).toContain('"c.json" is not UTF-8: line 2, column 14 ');
    expect(error.fix).toContain('iconv -f WINDOWS-1252 -t UTF-8 c.json');
  });

  it('finds the bad byte behind a U+FFFD', () => {
    const bytes = Buffer.concat([Buffer.from('"\ufffd'), Buffer.from([0xeb])]);
    expect(failure(() => decodeConfig(bytes, 'c')).message).toContain('line 1, column 3 ');
  });

  it.each([
    ['UTF-16', Buffer.from(`\ufeff${TEXT}`, 'utf16le')],
    ['UTF-16', Buffer.from(`\ufeff${TEXT}`, 'utf16le').swap16()],
    ['UTF-16LE', Buffer.from(TEXT, 'utf16le')],
    ['UTF-16BE', Buffer.from(TEXT, 'utf16le').swap16()],
  ])('refuses %s', (encoding, bytes) => {
    const error = failure(() => decodeConfig(bytes, 'c.json'));
    expect(error.code).toBe('config_unreadable');
    expect(error.message).toContain('looks like UTF-16');
    expect(error.fix).toContain(`iconv -f ${encoding} -t UTF-8`);
  });

  it('never replaces a character', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        let text: string;
        try {
          text = decodeConfig(bytes, 'c');
        } catch (error) {
          expect(error).toMatchObject({ code: 'config_unreadable' });
          return;
        }
        expect([...Buffer.from(text)]).toEqual([...bytes.slice(bytes.length - Buffer.byteLength(text))]);
      }),
    );
  });
});
