import { describe, expect, it } from 'vitest';
import { withoutControls } from '../../src/report/json-text.js';
import { csv, NOW, resultText, run } from './support.js';

/** CSI and NEL as single characters, and DELETE. */
const NAME = 'x\u009b31mred\u0085y\u007f';
const ROW = `PAGE_VIEW,2026-11-19T12:00:00Z,https://example.com/,ab-1,a@example.com,${NAME}`;
const ROWS = csv(ROW).replace('em\n', 'em,content_name\n');

describe('control characters of a cell', () => {
  it.each([[], ['--bodies']])('reach no terminal behind a pipe: preview %s', async (...flags) => {
    const args = ['preview', '-', '--result', resultText(), '--as-of', NOW, ...flags];
    const { code, stdout } = await run(args, { stdin: [ROWS] });
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/[\u007f-\u009f]/);
    expect(stdout).toContain('x\\u009b31mred\\u0085y\\u007f');
  });

  it('keep their value, and all other bytes stay as they are', () => {
    const text = JSON.stringify({ a: NAME, b: '<é\u200b>' });
    expect(withoutControls(text)).toBe('{"a":"x\\u009b31mred\\u0085y\\u007f","b":"<é\u200b>"}');
    expect(JSON.parse(withoutControls(text))).toEqual(JSON.parse(text));
  });
});
