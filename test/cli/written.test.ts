import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, runCli } from '../support/cli.js';
import { run } from './support.js';

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly version: string;
};

test.each(['--help', '-h'])(
  '%s is answered from what the build wrote down, as the program itself would',
  async (flag) => {
    const answer = await runCli([flag]);
    expect(answer).toEqual({ code: 0, stderr: '', stdout: (await run([flag])).stdout });
    expect(answer.stdout).toContain('Usage: snapcapi');
  },
);

test.each(['--version', '-V'])('%s likewise', async (flag) => {
  expect(await runCli([flag])).toEqual({ code: 0, stderr: '', stdout: `${version}\n` });
  expect((await run([flag])).stdout).toBe(`${version}\n`);
});

test('the help is no wider than the terminal it was written down for', async () => {
  const { stdout } = await runCli(['--help']);
  const widths = stdout.split('\n').map((line) => line.length);
  expect(Math.max(...widths)).toBeLessThanOrEqual(80);
});
