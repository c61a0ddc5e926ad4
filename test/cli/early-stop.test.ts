import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { BAD, resultText, csv, folderWith, GOOD, NOW, run } from './support.js';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ clock: () => Date.parse(NOW) });
});
afterEach(() => simulator.close());

const ROWS = csv(...Array.from({ length: 6000 }, (_, index) => (index % 20 === 0 ? GOOD : BAD)));
const flags = () => ['--result', resultText({ api_base_url: simulator.url, batch_size: 100 })];

describe('a query that is wrong from the start', () => {
  it('stops before all of it is read, and goes on when told to', async () => {
    const { at, read } = folderWith({ 'rows.csv': ROWS });
    const argv = ['export', at('rows.csv'), ...flags(), '--state-dir', at('state')];
    const stopped = await run([...argv, '--json', '--rejects', at('rejects.jsonl')]);
    expect(stopped.code).toBe(65);
    expect(stopped.stderr).toContain('error[mostly_invalid]');
    expect(stopped.stderr).toContain('--no-early-stop');
    const { rowsRead, outcomes } = JSON.parse(stopped.stdout) as {
      readonly rowsRead: number;
      readonly outcomes: Readonly<Record<string, number>>;
    };
    expect(rowsRead).toBeLessThan(6000);
    expect(outcomes['not_attempted']).toBeGreaterThan(0);
    expect(simulator.stats().received).toBe(outcomes['sent']);
    expect(read('rejects.jsonl').trim().split('\n')).toHaveLength(rowsRead - (outcomes['sent'] ?? 0));

    const all = await run([...argv, '--json', '--no-early-stop']);
    expect(all.code).toBe(0);
    expect(JSON.parse(all.stdout)).toMatchObject({ rowsRead: 6000, outcomes: { sent: 300, invalid: 5700 } });
    expect(simulator.stats().received).toBe(300);
  });

  it('is shown whole by check and preview', async () => {
    const { at } = folderWith({ 'rows.csv': ROWS });
    const check = await run(['check', at('rows.csv'), ...flags(), '--as-of', NOW, '--json']);
    expect(check.code).toBe(65);
    expect(JSON.parse(check.stdout)).toMatchObject({ rowsRead: 6000, error: { code: 'mostly_invalid' } });
    const lenient = ['check', at('rows.csv'), ...flags(), '--as-of', NOW, '--no-early-stop'];
    expect((await run(lenient)).code).toBe(0);
    const preview = await run(['preview', at('rows.csv'), ...flags(), '-n', 'all', '--as-of', NOW]);
    expect(preview.stdout.trim().split('\n')).toHaveLength(6000);
  });
});
