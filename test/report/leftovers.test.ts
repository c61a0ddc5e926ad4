import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAtomicFile } from '../../src/report/output-file.js';
import { ROOT } from '../support/cli.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'snapcapi-leftovers-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const DAY_S = 86_400;

function put(name: string, ageDays: number): void {
  const path = join(folder, name);
  writeFileSync(path, '');
  const atS = Date.now() / 1000 - ageDays * DAY_S;
  utimesSync(path, atS, atS);
}

describe('temporary files of a report', () => {
  it('that killed processes left are removed after a week, and nothing else', async () => {
    const kept = [
      ['report.json.0123456789ab.tmp', 6],
      ['report.json.bak.tmp', 9],
      ['other.json.0123456789ab.tmp', 9],
    ] as const;
    for (const [name, age] of kept) put(name, age);
    put('report.json.ffffffffffff.tmp', 8);
    const file = await createAtomicFile(join(folder, 'report.json'));
    await file.commit('{}');
    expect(readdirSync(folder).sort()).toEqual([...kept.map(([name]) => name), 'report.json'].sort());
  });

  it('go when the process ends at once, and a finished report stays', () => {
    const script = `
      const { createAtomicFile } = await import(${JSON.stringify(join(ROOT, 'dist/report/output-file.js'))});
      await (await createAtomicFile('done.json')).commit('{}');
      await createAtomicFile('open.json');
      process.exit(0);`;
    execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: folder });
    expect(readdirSync(folder)).toEqual(['done.json']);
  });
});
