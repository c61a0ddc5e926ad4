import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { nodeFs } from '../../src/journal/node-fs.js';
import { acquireLock } from '../../src/journal/lock.js';
import { findRuns } from '../../src/journal/runs.js';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { resultText, csv, folderWith, GOOD, NOW, run } from './support.js';

const DAY_MS = 86_400_000;
const nowMs = Date.parse(NOW);

let simulator: Simulator;
let folder: ReturnType<typeof folderWith>;
beforeEach(async () => {
  simulator = await startSimulator({ clock: () => nowMs });
  folder = folderWith({ 'rows.csv': csv(GOOD, GOOD), 'other.csv': csv(GOOD) });
});
afterEach(() => simulator.close());

const config = (changes: object = {}) => resultText({ api_base_url: simulator.url, ...changes });
/** An export that gives up at once when nobody answers. */
const exportInVain = (file: string, ...flags: readonly string[]) => {
  const argv = ['export', folder.at(file), '--result', config(), '--state-dir', state(), '--retry-for', '0'];
  return run([...argv, '--as-of', NOW, ...flags]);
};
const state = () => folder.at('state');
const exportFile = (name: string, changes: object = {}, clock = nowMs) =>
  run(
    [
      'export',
      folder.at(name),
      '--result',
      config(changes),
      '--state-dir',
      state(),
      '--as-of',
      NOW,
      '--json',
    ],
    {
      clock: () => clock,
    },
  );
const runs = (...argv: readonly string[]) =>
  run(['runs', ...argv, '--state-dir', state()], { clock: () => nowMs });

async function idOf(name: string, changes: object = {}, clock = nowMs): Promise<string> {
  const { stdout } = await exportFile(name, changes, clock);
  return (JSON.parse(stdout) as { readonly run: { readonly id: string } }).run.id;
}

describe('snapcapi runs list', () => {
  it('says so when there are none, and makes nothing', async () => {
    const { code, stdout } = await runs('list');
    expect([code, stdout]).toEqual([0, `no runs in ${state()}\n`]);
    expect((await runs('list', '--json')).stdout).toBe('[]\n');
    expect(existsSync(state())).toBe(false);
  });

  it('shows all runs, oldest first', async () => {
    const first = await idOf('rows.csv', {}, nowMs - DAY_MS);
    const second = await idOf('other.csv');
    const { code, stdout, stderr } = await runs('list');
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/));
    expect(lines[0]).toEqual(['run', 'status', 'sent', 'not sent', 'input']);
    expect(lines.slice(1)).toEqual([
      [first, 'complete', '2', '0', expect.stringContaining('rows.csv')],
      [second, 'complete', '1', '0', expect.stringContaining('other.csv')],
    ]);
    expect(JSON.parse((await runs('list', '--json')).stdout)).toMatchObject([
      { id: first, status: 'complete', outcomes: { sent: 2, invalid: 0 }, batches: 1, exitCode: 0 },
      { id: second, endpoint: 'events', eventSourceId: 'pixel-1' },
    ]);
  });
});

describe('snapcapi runs show', () => {
  it('tells what a run was and that nothing is left to do', async () => {
    const id = await idOf('rows.csv');
    const { code, stdout } = await runs('show', id.slice(-4));
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^run +${id}\n`));
    expect(stdout).toMatch(/^status +complete$/m);
    expect(stdout).toMatch(/^ended +2026-11-20T12:00:00Z .*exit code 0$/m);
    expect(stdout).toMatch(/^event source +pixel-1 \(WEB\) at 127\.0\.0\.1:\d+$/m);
    expect(stdout).toMatch(/^ {2}sent +2$/m);
    expect(stdout).toContain('next: nothing');
    expect(stdout).not.toContain('CANARY');
    expect(JSON.parse((await runs('show', id.slice(0, 12), '--json')).stdout)).toMatchObject({ id });
  });

  it('names the command that goes on with an interrupted run', async () => {
    await simulator.close();
    const { stdout } = await exportInVain('other.csv', '--json');
    const { run: record } = JSON.parse(stdout) as { readonly run: { readonly id: string } };
    const shown = await runs('show', record.id);
    expect(shown.stdout).toMatch(/^status +incomplete$/m);
    expect(shown.stdout).toContain(
      `next: to resume: snapcapi export ${folder.at('other.csv')} --config FILE`,
    );
    expect(shown.stdout).toContain(
      `next: or to send what was valid and not delivered: snapcapi export --retry ${record.id}`,
    );
  });

  it('says which run may have been meant', async () => {
    const id = await idOf('rows.csv');
    const mistyped = await runs('show', `${id.slice(0, -1)}x`);
    expect(mistyped.code).toBe(64);
    expect(mistyped.stderr).toContain(`did you mean "${id}"?`);
    await exportFile('other.csv');
    const both = await runs('show', id.slice(0, 8));
    expect(both.code).toBe(64);
    expect(both.stderr).toContain('stands for 2 runs');
  });
});

describe('snapcapi runs clean', () => {
  it('removes what is complete and old enough, and says what', async () => {
    const old = await idOf('rows.csv', {}, nowMs - 31 * DAY_MS);
    const young = await idOf('other.csv', {}, nowMs - 29 * DAY_MS);
    const { code, stdout } = await runs('clean');
    expect(code).toBe(0);
    expect(stdout).toContain(`removed ${old} (complete)`);
    expect(stdout).toContain('1 run removed, 1 left');
    expect((await runs('list')).stdout).toContain(young);
    expect((await runs('clean', '--older-than', '28.5')).stdout).toContain(`removed ${young}`);
    expect(readdirSync(join(state(), 'runs'))).toEqual([]);
  });

  it('keeps what is not complete, but for --all', async () => {
    await simulator.close();
    await exportInVain('rows.csv');
    expect((await runs('clean', '--older-than', '0')).stdout).toBe('0 runs removed, 1 left\n');
    expect((await runs('clean', '--older-than', '0', '--all')).stdout).toContain('1 run removed, 0 left');
  });

  it('leaves alone what a process is at work on', async () => {
    const id = await idOf('rows.csv');
    const [ref] = await findRuns(state(), nodeFs);
    const lock = await acquireLock(ref?.slotDir ?? '', { fs: nodeFs });
    const { code, stdout } = await runs('clean', '--older-than', '0', '--all');
    expect(code).toBe(0);
    expect(stdout).toContain('0 runs removed, 1 left');
    expect(stdout).toContain('kept: ');
    await lock.release();
    expect((await runs('clean', '--older-than', '0')).stdout).toContain(`removed ${id}`);
  });
});

describe('an export', () => {
  const removed = async (name: string, clock: number, changes: object = {}) =>
    (JSON.parse((await exportFile(name, changes, clock)).stdout) as { readonly removed: object }).removed;

  it('removes complete runs that are old enough, of all jobs, and says so', async () => {
    const old = await idOf('rows.csv', {}, nowMs - 31 * DAY_MS);
    expect(await removed('other.csv', nowMs - 2 * DAY_MS)).toEqual({ runs: 0, copies: 0 });
    expect(await removed('other.csv', nowMs)).toEqual({ runs: 1, copies: 0 });
    expect((await runs('list')).stdout).not.toContain(old);
    expect(await removed('rows.csv', nowMs, { keep_runs: 1 })).toEqual({ runs: 1, copies: 0 });
  });

  it('keeps what is not complete', async () => {
    const { port } = simulator;
    await simulator.close();
    await exportInVain('rows.csv');
    simulator = await startSimulator({ port, clock: () => nowMs });
    expect(await removed('other.csv', nowMs + 99 * DAY_MS)).toEqual({ runs: 0, copies: 0 });
    expect((await runs('list')).stdout).toContain('incomplete');
  });
});

describe('snapcapi runs', () => {
  it.each([
    [['runs', 'lst'], 'did you mean "list"?'],
    [['runs', 'list', '--jsn'], 'did you mean "--json"?'],
    [['runs'], 'list, show, clean'],
  ])('%j is a mistake that is named', async (argv, hint) => {
    const { code, stderr } = await run(argv);
    expect(code).toBe(64);
    expect(stderr).toContain(hint);
  });

  it('has examples in its help', async () => {
    for (const argv of [['runs'], ['runs', 'list'], ['runs', 'show'], ['runs', 'clean']]) {
      const { code, stdout } = await run([...argv, '--help']);
      expect(code).toBe(0);
      expect(stdout).toContain('Examples:\n  $ snapcapi runs');
    }
  });
});
