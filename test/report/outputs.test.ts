import {
  existsSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeEach, describe, expect, it } from 'vitest';

import { openOutputs } from '../../src/report/outputs.js';
import { openedInput, rejection } from './support.js';

let folder = '';
const at = (name: string) => join(folder, name);
const kept = (name: string) => ({ path: at(name), name: 'the input' });
const text = (name: string) => readFileSync(at(name), 'utf8');
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'snapcapi-'));
});

describe('the rejects file', () => {
  it('has a line for each row, in the order they come', async () => {
    const outputs = await openOutputs({ rejects: at('r.jsonl') }, []);
    const inputs = [openedInput(0, 'rows.csv', 'em')];
    await outputs.write([rejection(2, 'invalid_email', { column: 'em' })], inputs);
    await outputs.write([rejection(1, 'event_expired', { outcome: 'expired', issues: [] })], inputs);
    expect(await outputs.close()).toEqual({ rejects: { path: at('r.jsonl'), rows: 2 } });
    expect(text('r.jsonl')).toBe(
      '{"file":"rows.csv","row":2,"line":3,"outcome":"invalid","issues":[{"code":"invalid_email","column":"em","message":"column \\"em\\" is neither an e-mail address nor a SHA-256 hash","fix":"Correct the address, or leave the cell empty."}]}\n' +
        '{"file":"rows.csv","row":1,"line":2,"outcome":"expired","issues":[]}\n',
    );
  });
});

describe('the rejected rows', () => {
  it('are the records as they were, with the header on top', async () => {
    const outputs = await openOutputs({ rejectedRows: at('again.csv') }, []);
    const inputs = [openedInput(0, 'rows.csv', 'em,"a ""b"""')];
    await outputs.write([rejection(1, 'invalid_email', { text: 'x@,"1\n2"' })], inputs);
    await outputs.write([rejection(4, 'invalid_email', { text: ' é ,' })], inputs);
    expect(await outputs.close()).toEqual({ rejectedRows: [{ path: at('again.csv'), rows: 2 }] });
    expect(text('again.csv')).toBe('em,"a ""b"""\nx@,"1\n2"\n é ,\n');
  });

  it('go to further files when headers or formats differ', async () => {
    const outputs = await openOutputs({ rejectedRows: at('again.csv') }, []);
    const inputs = [
      openedInput(0, 'a.csv', 'em'),
      openedInput(1, 'b.csv', 'em,ph'),
      openedInput(2, 'c.csv', 'em'),
      openedInput(3, 'd.jsonl'),
    ];
    for (const input of [1, 0, 2, 3]) {
      await outputs.write([rejection(1, 'invalid_email', { text: `row of ${input}`, input })], inputs);
    }
    expect(await outputs.close()).toEqual({
      rejectedRows: [
        { path: at('again.csv'), rows: 1 },
        { path: at('again.2.csv'), rows: 2 },
        { path: at('again.3.jsonl'), rows: 1 },
      ],
    });
    expect(text('again.csv')).toBe('em,ph\nrow of 1\n');
    expect(text('again.2.csv')).toBe('em\nrow of 0\nrow of 2\n');
    expect(text('again.3.jsonl')).toBe('row of 3\n');
  });

  it('begin with a byte order mark when the input was in another encoding', async () => {
    const outputs = await openOutputs({ rejectedRows: at('again.csv') }, []);
    const inputs = [openedInput(0, 'a.csv', 'em', true)];
    await outputs.write([rejection(1, 'invalid_email', { text: 'é' })], inputs);
    await outputs.close();
    expect(text('again.csv')).toBe('\ufeffem\né\n');
  });

  it('count rows whose bytes were not kept', async () => {
    const outputs = await openOutputs({ rejectedRows: at('again.csv') }, []);
    await outputs.write([rejection(1, 'record_too_large', { text: '' })], [openedInput(0, 'a.csv', 'em')]);
    expect(await outputs.close()).toEqual({
      rejectedRows: [{ path: at('again.csv'), rows: 0 }],
      rowsWithoutBytes: 1,
    });
  });

  it('never overwrite an input, not even in a further file', async () => {
    writeFileSync(at('again.2.csv'), 'precious');
    const outputs = await openOutputs({ rejectedRows: at('again.csv') }, [kept('again.2.csv')]);
    const inputs = [openedInput(0, 'a.csv', 'em'), openedInput(1, 'again.2.csv', 'em,ph')];
    await outputs.write([rejection(1, 'invalid_email', { text: 'x' })], inputs);
    await expect(
      outputs.write([rejection(1, 'invalid_email', { text: 'x', input: 1 })], inputs),
    ).rejects.toMatchObject({ code: 'usage' });
    await outputs.abandon();
    expect(text('again.2.csv')).toBe('precious');
  });
});

describe('rejections that come at the same time', () => {
  it('stand in both files whole, those of each call together', async () => {
    const outputs = await openOutputs({ rejects: at('r.jsonl'), rejectedRows: at('again.csv') }, []);
    const inputs = [openedInput(0, 'a.csv', 'em'), openedInput(1, 'b.csv', 'em,ph')];
    const calls = Array.from({ length: 50 }, (_, call) =>
      Array.from({ length: 40 }, (__, i) =>
        rejection(call * 40 + i, 'invalid_email', {
          text: `${call}-${i}-${'x'.repeat(50)}`,
          input: call % 2,
        }),
      ),
    );
    await Promise.all(calls.map((rejections) => outputs.write(rejections, inputs)));
    expect(await outputs.close()).toMatchObject({
      rejects: { rows: 2000 },
      rejectedRows: [
        { path: at('again.csv'), rows: 1000 },
        { path: at('again.2.csv'), rows: 1000 },
      ],
    });
    const listed = text('r.jsonl').trimEnd().split('\n');
    expect(listed.map((line) => (JSON.parse(line) as { row: number }).row)).toEqual(
      Array.from({ length: 2000 }, (_, row) => row),
    );
    for (const [name, header, odd] of [
      ['again.csv', 'em', 0],
      ['again.2.csv', 'em,ph', 1],
    ] as const) {
      const rows = calls.filter((_, call) => call % 2 === odd).flat();
      const records = rows.map(({ raw = new Uint8Array() }) => Buffer.from(raw).toString());
      expect(text(name)).toBe(`${[header, ...records].join('\n')}\n`);
    }
  });
});

describe('what an earlier run left', () => {
  const paths = () => ({ rejects: at('r.jsonl'), rejectedRows: at('again.csv') });
  beforeEach(() => {
    for (const path of Object.values(paths())) writeFileSync(path, 'of yesterday\n');
  });

  it('stays until the run begins', async () => {
    const outputs = await openOutputs(paths(), []);
    await outputs.flush();
    await outputs.abandon();
    expect([text('r.jsonl'), text('again.csv')]).toEqual(['of yesterday\n', 'of yesterday\n']);
  });

  it('is gone when the run begins, also when it rejects nothing', async () => {
    const outputs = await openOutputs(paths(), []);
    outputs.begin();
    await outputs.flush();
    expect([text('r.jsonl'), text('again.csv')]).toEqual(['', '']);
    await outputs.abandon();
  });

  it('is gone when the run ends well without a row', async () => {
    const outputs = await openOutputs(paths(), []);
    await outputs.close();
    expect([text('r.jsonl'), text('again.csv')]).toEqual(['', '']);
  });
});

describe('outputs that must not be', () => {
  it('are inputs, under whatever name', async () => {
    writeFileSync(at('rows.csv'), 'em\n');
    linkSync(at('rows.csv'), at('same.csv'));
    for (const rejects of [at('rows.csv'), at('./rows.csv'), at('same.csv')]) {
      await expect(openOutputs({ rejects }, [kept('rows.csv')])).rejects.toMatchObject({
        code: 'usage',
        exitCode: 64,
      });
    }
    expect(text('rows.csv')).toBe('em\n');
  });

  it('are each other under a name in a linked folder', async () => {
    symlinkSync(folder, at('same'));
    const both = openOutputs({ rejects: at('a'), rejectedRows: at('same/a') }, []);
    await expect(both).rejects.toMatchObject({ code: 'usage' });
    expect(readdirSync(folder)).toEqual(['same']);
  });

  it('are links to files', async () => {
    writeFileSync(at('target'), 'precious');
    symlinkSync(at('target'), at('link'));
    symlinkSync(at('nowhere'), at('dangling'));
    for (const name of ['link', 'dangling']) {
      for (const flag of ['rejects', 'rejectedRows', 'report']) {
        await expect(openOutputs({ [flag]: at(name) }, [])).rejects.toMatchObject({
          code: 'output_not_writable',
          exitCode: 74,
        });
      }
    }
    expect(text('target')).toBe('precious');
    expect(readdirSync(folder).sort()).toEqual(['dangling', 'link', 'target']);
  });

  it('are each other', async () => {
    const both = openOutputs({ rejects: at('a'), report: `${folder}/./a` }, []);
    await expect(both).rejects.toMatchObject({ code: 'usage' });
    await expect(openOutputs({ rejects: '-' }, [])).rejects.toMatchObject({ code: 'usage' });
  });

  it('may be /dev/null twice', async () => {
    const outputs = await openOutputs({ rejects: '/dev/null', rejectedRows: '/dev/null' }, [
      { path: '/dev/null', name: 'the input' },
    ]);
    await expect(outputs.close()).resolves.toMatchObject({ rejects: { rows: 0 } });
  });

  it('leave no temporary file when another one is impossible', async () => {
    const opening = openOutputs({ report: at('report.json'), rejects: at('no/r.jsonl') }, []);
    await expect(opening).rejects.toMatchObject({ code: 'output_not_writable' });
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('the report', () => {
  it('appears when it is written, and not when the run is abandoned', async () => {
    const outputs = await openOutputs({ report: at('report.json') }, []);
    expect(existsSync(at('report.json'))).toBe(false);
    await outputs.writeReport('{}\n');
    expect(text('report.json')).toBe('{}\n');
    const abandoned = await openOutputs({ report: at('other.json') }, []);
    await abandoned.abandon();
    expect(readdirSync(folder)).toEqual(['report.json']);
  });
});
