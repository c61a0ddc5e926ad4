import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseFaults } from '../../src/simulator/index.js';
import { inScene, type Ended, type Scene } from '../support/scene.js';
import { BAD } from '../support/exports.js';
import { shopRows, toJsonl } from '../support/shop-rows.js';

const ROWS = shopRows(60, () => false);
const LINES = toJsonl(ROWS).trimEnd().split('\n');
const GIVES_UP = ['--retry-for', '0'];

/** Without event IDs: the column that holds them is left out too. */
function withoutIds(scene: Scene): readonly string[] {
  const config = JSON.parse(readFileSync(join(BAD, 'config.json'), 'utf8')) as object;
  const text = JSON.stringify({ ...config, event_id: 'none', columns: ['*', { drop: 'event_id' }] });
  return ['--config', scene.file('no-ids.json', text)];
}

function errorOf({ summary }: Ended): { readonly code: string; readonly fix: string } {
  return (summary as unknown as { error: { code: string; fix: string } }).error;
}

/** URLs of all stored events, one for each time an event was stored. */
function stored({ simulator }: Scene): readonly string[] {
  return simulator
    .events()
    .flatMap(({ text, arrivals }) => Array.from({ length: arrivals }, () => text))
    .map((text) => (JSON.parse(text) as { event_source_url: string }).event_source_url)
    .sort();
}

const GOOD = ROWS.good.map((id) => `https://shop.example.com/p/${id.slice(3)}`).sort();

describe('the advice of an error', () => {
  it('is the same command when the API was unavailable', async () => {
    await inScene({ faults: parseFaults('503@3..6') }, async (scene) => {
      const inputs = [scene.file('rows.jsonl', LINES.join('\n'))];
      const failed = await scene.export(inputs, { args: GIVES_UP });
      expect(failed.code).toBe(69);
      expect(errorOf(failed).fix).toContain('Run the same command again');
      expect(errorOf(failed).fix).not.toContain('rejected');
      expect((await scene.export(inputs, { args: ['--retry-for', '30'] })).code).toBe(0);
      expect(stored(scene)).toEqual(GOOD);
    });
  });

  it('is the same command also after --force: it goes on, and sends no row a third time', async () => {
    await inScene({ faults: parseFaults('503@14..17') }, async (scene) => {
      const inputs = [scene.file('rows.jsonl', LINES.join('\n'))];
      expect((await scene.export(inputs)).code).toBe(0);
      expect(scene.simulator.stats().requests).toBeLessThan(14);
      const args = [...GIVES_UP, '--force'];
      const failed = await scene.export(inputs, { args });
      expect(failed.code).toBe(69);
      expect(errorOf(failed).fix).toContain('Run the same command again');
      const last = await scene.export(inputs, { args: ['--force'] });
      expect(last.code).toBe(0);
      expect(last.summary.run).toMatchObject({ resumed: true, id: failed.summary.run.id });
      expect(stored(scene)).toEqual([...GOOD, ...GOOD].sort());
      // Now it is complete, so --force starts over.
      expect((await scene.export(inputs, { args })).summary.run.resumed).toBe(false);
    });
  });

  it.each(['drop', 'resend'])('without IDs names the two ways on for rows in doubt: %s', async (how) => {
    await inScene({ faults: parseFaults('reset-after@2') }, async (scene) => {
      const inputs = [scene.file('rows.jsonl', LINES.join('\n'))];
      const args = withoutIds(scene);
      const doubtful = await scene.export(inputs, { args });
      expect(doubtful.code).toBe(75);
      expect(errorOf(doubtful).fix).not.toContain('counted once');
      expect(errorOf(doubtful).fix).toContain(`--in-doubt ${how}`);
      const held = await scene.export(inputs, { args });
      expect(held.code).toBe(75);
      expect(stored(scene)).toEqual(GOOD);
      expect((await scene.export(inputs, { args: [...args, '--in-doubt', how] })).code).toBe(0);
      expect(stored(scene)).toHaveLength(GOOD.length + (how === 'drop' ? 0 : 5));
    });
  });

  it('without IDs and journal names the rows that were not sent, and sends none twice', async () => {
    await inScene({ faults: parseFaults('429@3..6') }, async (scene) => {
      const rows = join(scene.folder, 'rest.jsonl');
      const args = [...withoutIds(scene), ...GIVES_UP, '--no-resume'];
      const input = scene.file('rows.jsonl', LINES.join('\n'));
      const failed = await scene.export([input], { args: [...args, '--rejected-rows', rows] });
      expect(failed.code).toBe(69);
      const { fix } = errorOf(failed);
      expect(fix).not.toContain('same command');
      const after = Number(/the rows after row (\d+) of "/.exec(fix)?.[1]);
      const open = new Set(
        scene.rejects().flatMap(({ outcome, row }) => (outcome === 'not_attempted' ? [row] : [])),
      );
      const rest = LINES.filter((_, i) => open.has(i + 1) || i + 1 > after);
      expect(readFileSync(rows, 'utf8').trimEnd().split('\n')).toEqual(
        expect.arrayContaining(LINES.filter((_, i) => open.has(i + 1))),
      );
      const again = scene.file('again.jsonl', `${rest.join('\n')}\n`);
      const last = await scene.export([again], { args: [...withoutIds(scene), '--no-resume'] });
      expect(last.code).toBe(0);
      expect(stored(scene)).toEqual(GOOD);
    });
  });
});

describe('the advice of a report that cannot be written', () => {
  it('does not start the run over', async () => {
    await inScene({}, async (scene) => {
      const inputs = [scene.file('rows.jsonl', LINES.join('\n'))];
      const failed = await scene.export(inputs, { args: ['--report', '/dev/full'] });
      expect(failed.code).toBe(74);
      expect(errorOf(failed).fix).toContain('--json');
      expect((await scene.export(inputs)).summary.run.alreadyComplete).toBe(true);
    });
  });
});
