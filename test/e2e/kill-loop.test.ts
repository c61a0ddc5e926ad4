import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../support/cli.js';

const missing = ['strace', 'prlimit'].filter((tool) => spawnSync(tool, ['--version']).status !== 0);
const note = missing.length === 0 ? '' : ` (NOT RUN: ${missing.join(' and ')} not installed)`;

type KillLoop = {
  readonly killPoints: number;
  readonly lost: number;
  readonly invented: number;
  readonly largestRepeats: number;
  readonly bound: number;
  readonly tornTails: number;
  readonly failures: readonly string[];
};

// A sample of what bench/kill-loop.mjs visits when it is run without --stride.
it.skipIf(missing.length > 0)(
  `killed at any call that changes the state directory, a run loses nothing${note}`,
  async () => {
    const found = await killLoop(['--rows', '14', '--stride', '5', '--json']);
    expect(found.failures).toEqual([]);
    expect(found).toMatchObject({ lost: 0, invented: 0 });
    expect(found.killPoints).toBeGreaterThan(8);
    // Weather that repeats nothing and tears nothing would prove nothing.
    expect(found.largestRepeats).toBeGreaterThan(0);
    expect(found.largestRepeats).toBeLessThanOrEqual(found.bound);
    expect(found.tornTails).toBeGreaterThan(0);
  },
  120_000,
);

function killLoop(args: readonly string[]): Promise<KillLoop> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [join(ROOT, 'bench', 'kill-loop.mjs'), ...args], (_error, stdout, stderr) => {
      if (stdout === '') reject(new Error(stderr));
      else resolve(JSON.parse(stdout) as KillLoop);
    });
  });
}
