import { describe, expect, it } from 'vitest';
import { decodeLine, encodeLine, splitLines } from '../../src/journal/line.js';

// The checksum was made with Python's zlib.crc32 over the text before `,"crc"`.
const ACK = '{"seq":7,"t":"ack","batch":3,"sent":2,"refused":[],"atMs":5,"crc":"0daeb1ea"}';

describe('a line', () => {
  it('is a JSON object with its checksum at the end', () => {
    const line = encodeLine(7, 'ack', { batch: 3, sent: 2, refused: [], atMs: 5 });
    expect(line.toString()).toBe(`${ACK}\n`);
    expect(JSON.parse(line.toString())).toMatchObject({ seq: 7, batch: 3 });
  });

  it('is whole when secrets were taken out of its texts', () => {
    const scrub = (text: string): string => text.replaceAll('12', '***');
    const line = encodeLine(12, 'ack', { batch: 12, refused: [{ reason: 'no 12', codes: ['12'] }] }, scrub);
    expect(decodeLine(line.subarray(0, -1))).toEqual({
      seq: 12,
      t: 'ack',
      record: { batch: 12, refused: [{ reason: 'no ***', codes: ['***'] }] },
    });
  });

  it('comes back as it was written', () => {
    const record = { reason: 'Zoë "said"\n\u{1f600}', codes: ['a'], nested: [[0, 5]] };
    const line = encodeLine(1, 'nack', record);
    expect(line.indexOf('\n')).toBe(line.length - 1);
    expect(decodeLine(line.subarray(0, -1))).toEqual({ seq: 1, t: 'nack', record });
  });

  it.each([
    ['nothing', ''],
    ['only a checksum', ',"crc":"00000000"}'],
    [
      'another kind with a right checksum',
      encodeLine(1, 'other' as 'ack', {})
        .toString()
        .trim(),
    ],
    ['a number that is none', encodeLine(1.5, 'ack', {}).toString().trim()],
    ['capitals in the checksum', ACK.toUpperCase()],
    ['blanks at the end', `${ACK} `],
  ])('is not accepted: %s', (_, text) => {
    expect(decodeLine(Buffer.from(text))).toBeUndefined();
  });

  it('ends with its line feed; what follows the last is no line', () => {
    const texts = [...splitLines(Buffer.from('a\n\nb\ntorn'))].map((line) => line.toString());
    expect(texts).toEqual(['a', '', 'b']);
  });
});
