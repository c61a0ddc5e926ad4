import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { BATCH, CONCURRENCY, inScene } from '../support/scene.js';
import type { Ended, Scene } from '../support/scene.js';
import { shopRows, toCsv, toJsonl } from '../support/shop-rows.js';

const ROWS = shopRows(60, () => false);
const SLOW = { latencyMs: 40 };
const IN_FLIGHT = BATCH * CONCURRENCY;

const sorted = (texts: readonly string[]): readonly string[] => [...texts].sort();

/** What must hold when a run that was killed has come to its end. */
async function expectComplete(scene: Scene, last: Ended, inputs: readonly string[], stdin?: Uint8Array) {
  expect(last.stderr).not.toContain('error[');
  expect(last.code).toBe(0);
  const { summary } = last;
  const invalid = ROWS.invalid.length + ROWS.expired.length;
  expect(summary.outcomes).toEqual({
    sent: ROWS.good.length,
    invalid: ROWS.invalid.length,
    expired: ROWS.expired.length,
    refused: 0,
    in_doubt: 0,
    not_attempted: 0,
  });
  expect(summary.rowsRead).toBe(ROWS.rows.length);
  const texts = await scene.preview(inputs, stdin);
  expect(sorted(scene.simulator.events().map((event) => event.text))).toEqual(sorted(texts));
  expect(texts).toHaveLength(ROWS.good.length);
  expect(scene.repeats()).toBeLessThanOrEqual(IN_FLIGHT);
  const places = scene.rejects().map(({ file, row }) => `${file}:${row}`);
  expect(places).toHaveLength(invalid);
  expect(new Set(places).size).toBe(invalid);
}

async function expectNothingToDo(scene: Scene, inputs: readonly string[], stdin?: Uint8Array): Promise<void> {
  const before = scene.simulator.stats().requests;
  const rejects = scene.rejects();
  const again = await scene.export(inputs, stdin === undefined ? {} : { stdin });
  expect(again.code).toBe(0);
  expect(again.summary.run.alreadyComplete).toBe(true);
  expect(again.summary.run.sentBefore).toBe(ROWS.good.length);
  expect(scene.simulator.stats().requests).toBe(before);
  expect(scene.rejects()).toEqual(rejects);
}

describe('an export that was killed', () => {
  const forms = [
    { name: 'a CSV file', file: 'rows.csv', bytes: Buffer.from(toCsv(ROWS)) },
    { name: 'JSONL, compressed', file: 'rows.jsonl.gz', bytes: gzipSync(toJsonl(ROWS)) },
  ];

  it.concurrent.each(forms)('goes on when it is run again: $name', async ({ file, bytes }) => {
    await inScene(SLOW, async (scene) => {
      const inputs = [scene.file(file, bytes)];
      await scene.killAfter(5, inputs);
      const stored = scene.simulator.events().length;
      expect(stored).toBeLessThan(ROWS.good.length);
      const last = await scene.export(inputs);
      expect(last.summary.run).toMatchObject({ resumed: true, alreadyComplete: false });
      // What the journal had as delivered was not sent again.
      expect(last.summary.run.sentBefore).toBeGreaterThanOrEqual(BATCH);
      expect(last.summary.run.sentBefore).toBeLessThanOrEqual(stored);
      await expectComplete(scene, last, inputs);
      await expectNothingToDo(scene, inputs);
    });
  });

  it.concurrent('goes on through several files', async () => {
    await inScene(SLOW, async (scene) => {
      const [header = '', ...lines] = toCsv({
        ...ROWS,
        rows: ROWS.rows.map((row) => row.map(oneLine)),
      }).split('\n');
      const inputs = [0, 30].map((from) =>
        scene.file(`part-${from}.csv`, `${[header, ...lines.slice(from, from + 30)].join('\n')}\n`),
      );
      await scene.killAfter(8, inputs);
      const last = await scene.export(inputs);
      expect(last.summary.run.resumed).toBe(true);
      await expectComplete(scene, last, inputs);
    });
  });

  it.concurrent('goes on with the copy of standard input', async () => {
    await inScene(SLOW, async (scene) => {
      const stdin = Buffer.from(toCsv(ROWS));
      await scene.killAfter(5, ['-'], { stdin });
      const last = await scene.export(['-'], { stdin });
      expect(last.summary.run.resumed).toBe(true);
      await expectComplete(scene, last, ['-'], stdin);
      await expectNothingToDo(scene, ['-'], stdin);
      expect(scene.spools()).toEqual([]);
    });
  });

  it.concurrent('is sent again with --force, under the same ids', async () => {
    await inScene({}, async (scene) => {
      const inputs = [scene.file('rows.csv', toCsv(ROWS))];
      expect((await scene.export(inputs)).code).toBe(0);
      const again = await scene.export(inputs, { args: ['--force'] });
      expect(again.code).toBe(0);
      expect(again.summary.run).toMatchObject({ resumed: false, alreadyComplete: false, sentBefore: 0 });
      expect(scene.simulator.events().map(({ arrivals }) => arrivals)).toEqual(ROWS.good.map(() => 2));
      expect(scene.journals()).toHaveLength(2);
    });
  });
});

describe('a run that was changed', () => {
  const changes = [
    {
      what: 'a setting that makes other events',
      name: 'the setting eventTimeUnit',
      trial: { env: { SNAPCAPI_EVENT_TIME_UNIT: 'seconds' } },
    },
    {
      what: 'the as-of time',
      name: 'the as-of time',
      trial: { args: ['--as-of', '2026-11-20T12:00:01Z'] },
    },
  ];

  it.concurrent.each(changes)('is not gone on with: $what', async ({ name, trial }) => {
    await inScene(SLOW, async (scene) => {
      const inputs = [scene.file('rows.csv', toCsv(ROWS))];
      await scene.killAfter(3, inputs);
      const { requests } = scene.simulator.stats();
      const refused = await scene.export(inputs, trial);
      expect(refused.code).toBe(75);
      for (const text of ['error[run_changed]', '--force', name]) expect(refused.stderr).toContain(text);
      expect(scene.simulator.stats().requests).toBe(requests);
      const last = await scene.export(inputs);
      expect(last.summary.run.resumed).toBe(true);
      await expectComplete(scene, last, inputs);
    });
  });

  it.concurrent('goes on with the batches it began with', async () => {
    await inScene(SLOW, async (scene) => {
      const inputs = [scene.file('rows.csv', toCsv(ROWS))];
      await scene.killAfter(3, inputs);
      const last = await scene.export(inputs, { args: ['--batch-size', '7', '--max-rejected', '50'] });
      expect(last.summary.run.resumed).toBe(true);
      await expectComplete(scene, last, inputs);
      expect(scene.simulator.stats().requests).toBeGreaterThanOrEqual(ROWS.good.length / BATCH);
    });
  });

  it.concurrent('begins anew after the input itself had stopped it', async () => {
    await inScene({}, async (scene) => {
      const bad = toCsv(ROWS);
      const env = { SNAPCAPI_SKIP_INVALID_RECORDS: 'false' };
      const inputs = [scene.file('rows.csv', bad)];
      const stopped = await scene.export(inputs, { env });
      expect(stopped.code).toBe(65);
      scene.file('rows.csv', bad.replaceAll('broken', 'person@example.com'));
      const fixed = await scene.export(inputs, { env });
      expect(fixed.stderr).not.toContain('error[');
      expect(fixed.summary.run.resumed).toBe(false);
      expect(fixed.summary.outcomes.sent).toBe(ROWS.good.length + ROWS.invalid.length);
      // The rows before the bad one are sent again, and counted once by their ids.
      expect(scene.simulator.events()).toHaveLength(ROWS.good.length + ROWS.invalid.length);
    });
  });
});

function oneLine(cell: string): string {
  return cell.replaceAll('\n', ' ');
}
