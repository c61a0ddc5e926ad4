import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { nodeFs } from '../../src/journal/node-fs.js';
import { findRuns } from '../../src/journal/runs.js';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/index.js';
import { BAD, resultText, csv, folderWith, NOW, OLD, run } from './support.js';

/** Rows 1, 4, 7, … are four days old: an API that takes events of up to three days refuses them. */
const ROWS = Array.from({ length: 30 }, (_, index) => {
  const day = index % 3 === 0 ? '16' : '19';
  return `PAGE_VIEW,2026-11-${day}T12:00:00Z,https://example.com/,m-${index},a${index}@example.com`;
});
const TEXT = csv(...ROWS.slice(0, 20), BAD, OLD, ...ROWS.slice(20));
const REFUSED = 10;

let simulator: Simulator;
let folder: ReturnType<typeof folderWith>;
const STRICT = { maxAgeDays: 3, onInvalid: 'partial' } as const;

async function restart(options: SimulatorOptions = {}): Promise<void> {
  const { port } = simulator;
  await simulator.close();
  simulator = await startSimulator({ port, clock: () => Date.parse(NOW), ...options });
}
beforeEach(async () => {
  simulator = await startSimulator({ clock: () => Date.parse(NOW), ...STRICT });
  folder = folderWith({ 'rows.csv': TEXT });
});
afterEach(() => simulator.close());

type Summary = {
  readonly rowsRead: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly run: {
    readonly id: string;
    readonly alreadyComplete: boolean;
    readonly resumed: boolean;
    readonly copy?: string;
  };
};

async function exported(argv: readonly string[], changes: object = {}, stdin?: string) {
  const config = resultText({ api_base_url: simulator.url, batch_size: 7, ...changes });
  const flags = ['--result', config, '--state-dir', folder.at('state'), '--json'];
  const { code, stdout, stderr } = await run(
    ['export', ...argv, ...flags],
    stdin === undefined ? {} : { stdin: [stdin] },
  );
  return { code, stderr, summary: (stdout === '' ? undefined : JSON.parse(stdout)) as Summary | undefined };
}

const exportRows = (changes: object = {}) => exported([folder.at('rows.csv')], changes);
const retry = (id: string | undefined, changes: object = {}) => exported(['--retry', id ?? ''], changes);
const idsAt = (one: Simulator) =>
  one.events().map((event) => (JSON.parse(event.text) as { readonly event_id: string }).event_id);

describe('a retry', () => {
  it('sends the refused rows of a complete run, with their own ids, and nothing else', async () => {
    const first = await exportRows();
    expect(first.code).toBe(0);
    expect(first.summary?.outcomes).toMatchObject({ sent: 20, refused: REFUSED, invalid: 1, expired: 1 });
    const before = idsAt(simulator);
    await restart();
    const again = await retry(first.summary?.run.id.slice(-4));
    expect(again.code).toBe(0);
    expect(again.summary).toMatchObject({
      rowsRead: REFUSED,
      outcomes: { sent: REFUSED, invalid: 0, expired: 0, refused: 0 },
      run: { retryOf: first.summary?.run.id },
    });
    const retried = idsAt(simulator);
    expect(retried).toHaveLength(REFUSED);
    expect(retried.filter((id) => before.includes(id))).toEqual([]);

    await restart();
    const whole = await exported([folder.at('rows.csv'), '--force']);
    expect(whole.summary?.outcomes['sent']).toBe(30);
    expect(idsAt(simulator).toSorted()).toEqual([...before, ...retried].toSorted());
  });

  it('finds nothing to do after that, and neither does the export', async () => {
    const first = await exportRows();
    await restart();
    await retry(first.summary?.run.id);
    for (const next of [await retry(first.summary?.run.id), await exportRows()]) {
      expect(next.code).toBe(0);
      expect(next.summary?.run).toMatchObject({ alreadyComplete: true });
    }
    expect(simulator.stats().received).toBe(REFUSED);
  });

  it('can be retried itself', async () => {
    const first = await exportRows();
    const second = await retry(first.summary?.run.id);
    expect(second.summary).toMatchObject({ rowsRead: REFUSED, outcomes: { refused: REFUSED } });
    const shown = await run([
      'runs',
      'show',
      second.summary?.run.id ?? '',
      '--state-dir',
      folder.at('state'),
    ]);
    expect(shown.stdout).toContain(`retry of      ${first.summary?.run.id ?? ''}`);
    expect(shown.stdout).toContain(`snapcapi export --retry ${second.summary?.run.id ?? ''}`);
    await restart();
    const third = await retry(second.summary?.run.id);
    expect(third.summary).toMatchObject({ rowsRead: REFUSED, outcomes: { sent: REFUSED } });
    expect(new Set(idsAt(simulator)).size).toBe(REFUSED);
  });

  it.each([
    ['the retry', retry],
    ['the export', () => exportRows()],
  ])('sends what a run had not attempted, and is resumed by %s', async (_, repeat) => {
    const { port } = simulator;
    await simulator.close();
    const first = await exported([folder.at('rows.csv'), '--retry-for', '0']);
    expect(first.code).toBe(69);
    const id = first.summary?.run.id;
    const failed = await exported(['--retry', id ?? '', '--retry-for', '0']);
    expect(failed.code).toBe(69);
    simulator = await startSimulator({ port, clock: () => Date.parse(NOW) });
    const again = await repeat(id);
    expect(again.code).toBe(0);
    expect(again.summary).toMatchObject({ rowsRead: 30, outcomes: { sent: 30 }, run: { resumed: true } });
    expect(new Set(idsAt(simulator)).size).toBe(30);
  });

  it('reads the copy of standard input, which goes when nothing is left', async () => {
    const first = await exported(['-'], {}, TEXT);
    expect(first.summary?.outcomes['refused']).toBe(REFUSED);
    const [ref] = await findRuns(folder.at('state'), nodeFs);
    expect(readFileSync(ref?.spool ?? '', 'utf8')).toBe(TEXT);
    expect(first.summary?.run.copy).toBe(ref?.spool);
    expect((await exported(['-'], {}, TEXT)).summary?.run.copy).toBe(ref?.spool);
    await restart();
    const again = await retry(first.summary?.run.id);
    expect(again.summary).toMatchObject({ rowsRead: REFUSED, outcomes: { sent: REFUSED } });
    expect(existsSync(ref?.spool ?? '')).toBe(false);
    expect((await retry(first.summary?.run.id)).summary?.run.alreadyComplete).toBe(true);
  });

  it('is what runs show says, with the flags of the run', async () => {
    const rows = folder.at('rows.txt');
    writeFileSync(rows, TEXT.replaceAll(',', '|'));
    const flags = ['--delimiter', 'pipe', '--null', 'none', '--format', 'csv', '--max-rejected', '20'];
    const first = await exported([rows, ...flags, '--batch-size', '6'], { batch_size: 2000 });
    expect(first.summary?.outcomes['refused']).toBe(REFUSED);
    const shown = await run(['runs', 'show', first.summary?.run.id ?? '', '--state-dir', folder.at('state')]);
    const [, command = ''] = /deliver[a-z]*: (snapcapi export .*)$/m.exec(shown.stdout) ?? [];
    await restart();
    const config = folder.at('result.json');
    writeFileSync(config, resultText({ api_base_url: simulator.url, batch_size: 2000 }));
    const [, ...argv] = command.replace('FILE', config).split(' ');
    const again = await run([...argv, '--json']);
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ rowsRead: REFUSED, outcomes: { sent: REFUSED } });
  });

  it('is refused with another config, another input, or an input that was exported anew', async () => {
    const first = await exportRows();
    const id = first.summary?.run.id;
    const changed = await retry(id, { max_future_minutes: 30 });
    expect([changed.code, changed.stderr]).toEqual([
      75,
      expect.stringContaining('the setting maxFutureMinutes'),
    ]);
    await restart();
    await exported([folder.at('rows.csv'), '--force']);
    const late = await retry(id);
    expect([late.code, late.stderr]).toEqual([64, expect.stringContaining('is not the newest')]);
    expect(simulator.stats().received).toBe(30);
  });

  it.each([[['rows.csv']], [['--force']], [['--dry-run']], [['--no-resume']]])(
    'does not go together with %j',
    async (argv) => {
      const first = await exportRows();
      const clash = await exported(['--retry', first.summary?.run.id ?? '', ...argv]);
      expect([clash.code, clash.stderr]).toEqual([64, expect.stringContaining('does not go together')]);
    },
  );
});
