import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { inTemporaryFolder, ROOT } from '../support/cli.js';

const run = promisify(execFile);

it('the demo runs to its end and its books balance', async () => {
  // Settings of the person who runs it must not reach it: this address would be refused.
  const env = { ...process.env, SNAPCAPI_API_BASE_URL: 'http://capi.example.com' };
  const { stdout } = await run(process.execPath, ['scripts/demo.mjs'], { cwd: ROOT, env });
  const arrived = [...stdout.matchAll(/the simulator received (\d+) events/g)].map(([, count]) =>
    Number(count),
  );
  expect(arrived).toEqual([943, 147, 88]);
  expect(stdout).toContain('First of 17 rejects in demo-out/web.rejects.jsonl');
});

it('the demo data is what its script writes', async () => {
  await inTemporaryFolder(async (folder) => {
    await run(process.execPath, ['scripts/make-demo.mjs', folder], { cwd: ROOT });
    const committed = join(ROOT, 'fixtures', 'demo');
    expect(readdirSync(folder).sort()).toEqual(readdirSync(committed).sort());
    for (const name of readdirSync(folder)) {
      expect(readFileSync(join(folder, name), 'utf8')).toBe(readFileSync(join(committed, name), 'utf8'));
    }
  });
});
