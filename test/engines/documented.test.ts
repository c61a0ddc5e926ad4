import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCli } from '../support/cli.js';
import { readText } from '../support/project.js';
import { documentedLines, SQL } from './lines.js';

const page = readText('docs/sources.md');
const blocks = [...page.matchAll(/```sh\n([^`]+)```/g)].map(([, block = '']) => block);

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

it('every line of docs/sources.md is valid shell, and names only flags that export has', async () => {
  expect(blocks.length).toBeGreaterThan(20);
  const check = spawnSync('bash', ['-n'], { input: blocks.join('\n'), encoding: 'utf8' });
  expect(check).toMatchObject({ status: 0, stderr: '' });
  const used = blocks.flatMap((block) => block.match(/(?<=snapcapi export\b[^|]*)--[a-z-]+/g) ?? []);
  const inText = [...page.matchAll(/`(--[a-z-]+) (?:backslash|semicolon|tab|NULL|jsonl)\b/g)];
  const flags = new Set([...used, ...inText.map(([, flag]) => flag ?? '')]);
  const { stdout: help } = await runCli(['export', '--help']);
  expect([...flags].filter((flag) => !new RegExp(`${flag}\\b`).test(help))).toEqual([]);
  expect(flags).toContain('--escape');
});
