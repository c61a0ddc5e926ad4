import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { documentedLines, SQL } from './lines.js';

it('every line that docs/sources.md marks as tested is run by a test, and every line that is run is there', () => {
  const tests = readdirSync(SQL)
    .filter((name) => name.endsWith('.test.ts') && !name.startsWith('documented'))
    .map((name) => readFileSync(join(SQL, name), 'utf8'))
    .join('\n');
  const run = [...tests.matchAll(/\['([\w-]+)', AS_\w+\]|(?:preview|export)Line\('([\w-]+)'/g)];
  const names = new Set(run.map(([, listed, called]) => listed ?? called));
  expect([...documentedLines().keys()].sort()).toEqual([...names].sort());
  expect(names.size).toBeGreaterThan(10);
});
