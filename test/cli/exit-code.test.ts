import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { parseFaults, startSimulator } from '../../src/simulator/index.js';
import { inTemporaryFolder, runCli } from '../support/cli.js';
import { BAD, csv, GOOD, NOW, OLD } from './support.js';

const CONFIG = { type: 'snapchat_conversion', auth_method: 'api_token', event_source_id: 'p' };

type Result = { readonly code: number; readonly error: string | undefined; readonly rowsRead: number };

/** The same rows through check, a dry run and an export to a simulator, with what each ended with. */
function everyWay(text: string, flags: readonly string[], config: object): Promise<readonly Result[]> {
  return inTemporaryFolder(async (folder) => {
    const simulator = await startSimulator({ clock: () => Date.parse(NOW) });
    try {
      writeFileSync(join(folder, 'rows.csv'), text);
      writeFileSync(join(folder, 'c.json'), JSON.stringify({ ...CONFIG, ...config }));
      const common = ['rows.csv', '--config', 'c.json', '--as-of', NOW, '--json', ...flags];
      const env = { SNAPCAPI_API_TOKEN: 't', SNAPCAPI_API_BASE_URL: simulator.url };
      const ways = [['check'], ['export', '--dry-run'], ['export']];
      const results: Result[] = [];
      for (const way of ways) {
        const { code, stdout } = await runCli([...way, ...common], { cwd: folder, env });
        const record = JSON.parse(stdout) as { rowsRead: number; error: { code: string } | null };
        results.push({ code, error: record.error?.code, rowsRead: record.rowsRead });
      }
      return results;
    } finally {
      await simulator.close();
    }
  });
}

describe('check, a dry run and an export end with the same exit code', () => {
  it.each<[string, string, readonly string[], object, string | undefined]>([
    ['all rows expired', csv(OLD, OLD), [], {}, 'nothing_sent'],
    ['all rows invalid', csv(BAD, BAD), [], {}, 'nothing_sent'],
    ['expired and invalid rows', csv(OLD, BAD), [], {}, 'nothing_sent'],
    ['all invalid within the limit', csv(BAD), ['--max-rejected', '100%'], {}, 'nothing_sent'],
    ['one row to send', csv(OLD, BAD, GOOD), [], {}, undefined],
    ['too many rejects', csv(GOOD, BAD), ['--max-rejected', '0'], {}, 'too_many_rejected'],
    ['an invalid row that stops', csv(GOOD, BAD), [], { skip_invalid_records: false }, 'invalid_row_stop'],
    ['too few rows', csv(GOOD), ['--min-rows', '2'], {}, 'too_few_rows'],
    ['too few rows to send', csv(GOOD, OLD), ['--min-sent', '2'], {}, 'too_few_rows'],
    ['too few by the config', csv(GOOD), [], { min_rows: 2 }, 'too_few_rows'],
    ['no rows', csv(), ['--min-rows', '1'], {}, 'too_few_rows'],
    ['enough rows', csv(GOOD, OLD), ['--min-rows', '2', '--min-sent', '1'], { min_rows: 9 }, undefined],
  ])('%s', async (_, text, flags, config, error) => {
    const results = await everyWay(text, flags, config);
    expect(results.map((one) => one.error)).toEqual([error, error, error]);
    const exit = error === undefined ? 0 : 65;
    expect(results.map((one) => one.code)).toEqual([exit, exit, exit]);
  });
});

type Scene = {
  readonly received: () => number;
  readonly run: (...args: readonly string[]) => ReturnType<typeof runCli>;
};

/** Exports of `rows.csv` that share a state directory and a simulator. */
function inScene(
  { text, config, faults }: { readonly text: string; readonly config: object; readonly faults: string },
  work: (scene: Scene) => Promise<void>,
): Promise<void> {
  return inTemporaryFolder(async (folder) => {
    const clock = () => Date.parse(NOW);
    const simulator = await startSimulator({ clock, faults: parseFaults(faults) });
    try {
      writeFileSync(join(folder, 'rows.csv'), text);
      writeFileSync(join(folder, 'c.json'), JSON.stringify({ ...CONFIG, ...config }));
      const env = {
        SNAPCAPI_API_TOKEN: 't',
        SNAPCAPI_API_BASE_URL: simulator.url,
        SNAPCAPI_STATE_DIR: join(folder, 'state'),
      };
      const common = ['--config', 'c.json', '--as-of', NOW, '--json'];
      await work({
        received: () => simulator.stats().received,
        run: (...args) => runCli(['export', ...args, ...common], { cwd: folder, env }),
      });
    } finally {
      await simulator.close();
    }
  });
}

describe('an export that sent too few rows', () => {
  it('sends none again when the limit is lowered', async () => {
    await inScene({ text: csv(GOOD), config: {}, faults: '' }, async ({ run, received }) => {
      expect((await run('rows.csv', '--min-sent', '2')).code).toBe(65);
      // The same command again fails again; a success would hide what is wrong.
      expect((await run('rows.csv', '--min-sent', '2')).code).toBe(65);
      const lowered = await run('rows.csv', '--min-sent', '1');
      expect(lowered.code).toBe(0);
      expect(JSON.parse(lowered.stdout)).toMatchObject({ run: { resumed: true, sentBefore: 1 } });
      // Complete by now: nothing is read, so no limit applies.
      expect((await run('rows.csv', '--min-sent', '2')).code).toBe(0);
      expect(received()).toBe(1);
    });
  });
});

describe('a retry', () => {
  it('reads and sends only what is left, so min_rows and min_sent do not apply', async () => {
    const text = csv(...['a', 'b', 'c'].map((id) => GOOD.replace('ab-1', id)));
    const config = { min_rows: 3, min_sent: 3, batch_size: 1, concurrency: 1, event_id: 'none' };
    await inScene({ text, config, faults: 'reset-after@1' }, async ({ run }) => {
      const first = await run('rows.csv');
      expect(first.code).toBe(75);
      const { run: record, outcomes } = JSON.parse(first.stdout) as {
        readonly run: { readonly id: string };
        readonly outcomes: object;
      };
      expect(outcomes).toMatchObject({ sent: 2, in_doubt: 1 });
      const retry = await run('--retry', record.id, '--in-doubt', 'resend');
      expect(JSON.parse(retry.stdout)).toMatchObject({ rowsRead: 1, outcomes: { sent: 1 } });
      expect(retry.code).toBe(0);
      // Nothing is left to retry.
      expect((await run('--retry', record.id)).code).toBe(0);
    });
  });
});
