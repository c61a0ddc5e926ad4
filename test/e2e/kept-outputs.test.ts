import { chmodSync, linkSync, readFileSync, statSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseFaults } from '../../src/simulator/index.js';
import { inScene, untilRequests, type Scene } from '../support/scene.js';
import { shopRows, toCsv } from '../support/shop-rows.js';

const ROWS = shopRows(60, (row) => row === 11);
const CSV = toCsv(ROWS);
const CLEAN = toCsv({ ...ROWS, rows: ROWS.rows.slice(0, 5) });
const NAMES = ['rejects.jsonl', 'rows.csv', 'report.json'] as const;

type Outputs = { readonly args: readonly string[]; readonly read: () => readonly string[] };

/** The flags for all output files of a scene; `--rejects` is given by the scene. */
function outputsOf({ folder }: Scene): Outputs {
  const [rejects, rows, report] = NAMES.map((name) => join(folder, name));
  return {
    args: ['--rejected-rows', rows ?? '', '--report', report ?? ''],
    read: () => [rejects, rows, report].map((path) => readFileSync(path ?? '', 'utf8')),
  };
}

/** A scene in which all output files hold what an export left. */
function afterExport(work: (scene: Scene, input: string, outputs: Outputs) => Promise<void>): Promise<void> {
  return inScene({}, async (scene) => {
    const outputs = outputsOf(scene);
    const input = scene.file('input.csv', CSV);
    expect((await scene.export([input], outputs)).code).toBe(0);
    for (const text of outputs.read()) expect(text.length).toBeGreaterThan(100);
    await work(scene, input, outputs);
  });
}

describe('the outputs of an earlier run are kept', () => {
  it('by a repeat of a complete run', async () => {
    await afterExport(async (scene, input, outputs) => {
      const before = outputs.read();
      const again = await scene.export([input], outputs);
      expect(again.summary.run).toMatchObject({
        alreadyComplete: true,
        outcomes: { sent: ROWS.good.length, invalid: ROWS.invalid.length, refused: ROWS.poison.length },
      });
      expect(outputs.read()).toEqual(before);
    });
  });

  it.each(['--no-early-stop', '--no-resume'])(
    'by an input that is missing, is empty or has no header (%s)',
    async (how) => {
      await afterExport(async (scene, input, outputs) => {
        const before = outputs.read();
        const trial = { args: [...outputs.args, how] };
        scene.file('input.csv', 'not,one,known\n1,2,3\n');
        expect((await scene.export([input], trial)).code).toBe(65);
        scene.file('input.csv', '');
        expect((await scene.export([input], trial)).code).toBe(65);
        unlinkSync(input);
        expect((await scene.export([input], trial)).code).toBe(66);
        expect(outputs.read()).toEqual(before);
      });
    },
  );

  it('by a command that another process locks out, and by one that changed since', async () => {
    await inScene({ faults: parseFaults('silence:store@3..4') }, async (scene) => {
      const outputs = outputsOf(scene);
      const texts = NAMES.map((name) => `what an earlier run left in ${name}\n`);
      const input = scene.file('input.csv', CSV);
      const other = scene.start([input], { args: ['--rejects', join(scene.folder, 'other.jsonl')] });
      await untilRequests(scene.simulator, 4, other);
      NAMES.forEach((name, i) => scene.file(name, texts[i] ?? ''));
      expect((await scene.export([input], outputs)).code).toBe(75);
      expect(outputs.read()).toEqual(texts);
      other.kill('SIGKILL');
      await other.ended;
      const changed = await scene.export([input], { args: [...outputs.args, '--escape', 'backslash'] });
      expect(changed.stderr).toContain('error[run_changed]');
      expect(outputs.read()).toEqual(texts);
    });
  });

  it('until a run begins: then they are those of that run, also when it rejects nothing', async () => {
    await afterExport(async (scene, _, outputs) => {
      const clean = scene.file('clean.csv', CLEAN);
      expect((await scene.export([clean], outputs)).code).toBe(0);
      const [rejects, rows, report = ''] = outputs.read();
      expect([rejects, rows]).toEqual(['', '']);
      expect(JSON.parse(report)).toMatchObject({ rowsRead: 5 });
    });
  });

  it('until a run of an empty result ends well', async () => {
    await afterExport(async (scene, _, outputs) => {
      const none = scene.file('none.jsonl', '');
      expect((await scene.export([none], { args: [...outputs.args, '--format', 'jsonl'] })).code).toBe(0);
      expect(outputs.read().slice(0, 2)).toEqual(['', '']);
    });
  });
});

describe('no output is', () => {
  it('the config, the token file or an input, under whatever name', async () => {
    await inScene({}, async (scene) => {
      const input = scene.file('input.csv', CSV);
      const config = scene.file('config.json', readFileSync(join('fixtures', 'bad', 'config.json')));
      const token = scene.file('token', 'a-token-of-some-length');
      chmodSync(token, 0o600);
      const flags = ['--config', config, '--token-file', token];
      for (const [file, name] of [
        [input, 'the input'],
        [config, 'the config'],
        [token, 'the token file'],
      ] as const) {
        const before = readFileSync(file);
        linkSync(file, `${file}.same`);
        for (const path of [file, `${file}.same`]) {
          for (const flag of ['--rejects', '--rejected-rows', '--report']) {
            const refused = await scene.export([input], { args: [...flags, flag, path] });
            expect(refused.code).toBe(64);
            expect(refused.stderr).toContain(`${flag} would overwrite ${name}`);
          }
        }
        expect(readFileSync(file)).toEqual(before);
      }
    });
  }, 60_000);
});

describe('a report', () => {
  it('that cannot be written does not keep the result from standard output', async () => {
    await inScene({}, async (scene) => {
      const input = scene.file('input.csv', CSV);
      const full = await scene.export([input], { args: ['--report', '/dev/full'] });
      expect(full.code).toBe(74);
      expect(full.summary.outcomes.sent).toBe(ROWS.good.length);
      expect(full.summary).toMatchObject({ exitCode: 74, error: { code: 'output_io' } });
    });
  });

  it('is made for its owner alone', async () => {
    await afterExport(async (scene) => {
      for (const name of NAMES) expect(statSync(join(scene.folder, name)).mode & 0o777).toBe(0o600);
      await Promise.resolve();
    });
  });
});
