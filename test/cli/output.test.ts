import { Writable } from 'node:stream';

import { describe, expect, it } from 'vitest';

import { asRunError, errorText } from '../../src/cli/errors.js';
import { main } from '../../src/cli/main.js';
import { createOutput } from '../../src/cli/output.js';
import { hasColor } from '../../src/cli/terminal.js';
import { RunError } from '../../src/errors.js';
import { resultText, csv, GOOD, testIo } from './support.js';

/** A stream that fails with a code from the second write on. */
function failing(code: string): Writable {
  let writes = 0;
  return new Writable({
    write: (_, __, done) => {
      writes += 1;
      done(writes < 2 ? null : Object.assign(new Error('broken'), { code }));
    },
  });
}

describe('standard output', () => {
  it.each(['EPIPE'])('is quiet when the reader goes away (%s)', async (code) => {
    const out = createOutput(failing(code));
    await out.write('a');
    await out.write('b');
    await new Promise(setImmediate);
    expect(out.gone()).toBe(true);
    await out.write('c');
    await out.flush();
  });

  it('fails when it cannot be written', async () => {
    const out = createOutput(failing('ENOSPC'));
    await out.write('a');
    await out.write('b').catch(() => undefined);
    await new Promise(setImmediate);
    expect(out.gone()).toBe(false);
    await expect(out.write('c')).rejects.toMatchObject({ code: 'output_io' });
    await expect(out.flush()).rejects.toMatchObject({ code: 'output_io' });
  });

  it('gives the pace of the reader, with one wait for all writers', async () => {
    let release = (): void => undefined;
    const slow = new Writable({
      highWaterMark: 1,
      write: (_, __, done) => {
        release = done;
      },
    });
    const out = createOutput(slow);
    let written = 0;
    const writes = Array.from({ length: 20 }, () => out.write('x').then(() => (written += 1)));
    await new Promise(setImmediate);
    expect(written).toBe(0);
    expect(slow.listenerCount('drain')).toBe(1);
    for (let write = 0; write < 20; write += 1) {
      release();
      await new Promise(setImmediate);
    }
    await Promise.all(writes);
    expect(written).toBe(20);
  });

  it('leaves no listener behind, however often it waits', async () => {
    const slow = new Writable({ highWaterMark: 1, write: (_, __, done) => setImmediate(done) });
    const out = createOutput(slow);
    const count = () => ['drain', 'error', 'close'].map((name) => slow.listenerCount(name));
    const before = count();
    for (let write = 0; write < 20; write += 1) await out.write('x');
    expect(count()).toEqual(before);
  });

  it('does not wait for a stream that was closed without an error', async () => {
    const closed = new Writable({ highWaterMark: 1, write: () => undefined });
    const out = createOutput(closed);
    const waiting = out.write('a');
    closed.destroy();
    await waiting;
    expect(out.gone()).toBe(true);
    await out.write('b');
    await out.flush();
  });

  it('ends a preview early, without a complaint, when nobody reads', async () => {
    const test = testIo({ stdin: [csv(...Array.from({ length: 100 }, () => GOOD))] });
    const argv = ['preview', '-n', 'all', '--result', resultText()];
    expect(await main(argv, { ...test.io, stdout: failing('EPIPE') })).toBe(0);
    expect(test.stderr()).toBe('');
  });

  it('turns a full disk into exit code 74', async () => {
    const test = testIo({ stdin: [csv(GOOD)] });
    const argv = ['check', '--json', '--result', resultText()];
    const full = new Writable({
      write: (_, __, done) => {
        done(Object.assign(new Error('full'), { code: 'ENOSPC' }));
      },
    });
    expect(await main(argv, { ...test.io, stdout: full })).toBe(74);
    expect(test.stderr()).toContain('error[output_io]: writing to standard output failed');
  });
});

describe('errors', () => {
  it('say what, where and how to fix it', () => {
    const error = new RunError('broken_quote', 'a quote is not closed', {
      place: { file: 'my\u001bfile.csv', row: 7, line: 9, column: 'a"b', byte: 12 },
      fix: 'Close it.',
    });
    expect(errorText(error, false)).toBe(
      'error[broken_quote]: a quote is not closed ("my\\u001bfile.csv":9, row 7, column "a\\"b", byte 12)\n  fix: Close it.\n',
    );
    expect(errorText(error, true).startsWith('\u001b[31merror[broken_quote]\u001b[39m: ')).toBe(true);
  });

  it('of the program itself ask for a report and quote nothing', () => {
    const error = asRunError(new TypeError('CANARY is not a function'));
    expect(error.exitCode).toBe(70);
    const text = errorText(error, false);
    expect(text).toMatch(/^error\[internal\]: unexpected TypeError\n {4}at /);
    expect(text).toContain('please report it');
    expect(text).not.toContain('CANARY');
    expect(errorText(asRunError('CANARY'), false)).toContain('unexpected string\n');
  });
});

describe('color', () => {
  it.each<[boolean, Record<string, string>, boolean]>([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [true, { TERM: 'dumb' }, false],
    [false, { FORCE_COLOR: '1' }, true],
    [true, { FORCE_COLOR: '0' }, false],
  ])('on a terminal: %s, with %j', (stderrIsTerminal, env, expected) => {
    expect(hasColor({ stderrIsTerminal, env })).toBe(expected);
  });
});
