import { freshStateDir } from '../support/state.js';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { createInterface } from 'node:readline';

import { describe, expect, it } from 'vitest';

import { ROOT, runCli } from '../support/cli.js';
import { configText, resultText, csv, folderWith, GOOD, NOW, TOKEN_ENV } from './support.js';

const BIN = `${ROOT}/bin/snapcapi.js`;
const env = {
  PATH: process.env['PATH'] ?? '',
  NO_COLOR: '1',
  SNAPCAPI_STATE_DIR: freshStateDir(),
  ...TOKEN_ENV,
};

function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve) => createInterface({ input: stream }).once('line', resolve));
}

describe('the process', () => {
  it('has exit codes and separate streams', async () => {
    const right = await runCli(['explain', 'invalid_email']);
    expect(right).toMatchObject({ code: 0, stderr: '' });
    const wrong = await runCli(['explain', 'nonsense']);
    expect(wrong).toMatchObject({ code: 64, stdout: '' });
  });

  it('reads a pipe, and ends quietly when the reader of its output goes away', async () => {
    const { at } = folderWith({
      'rows.csv': csv(...Array.from({ length: 5000 }, () => GOOD)),
      'c.json': resultText(),
    });
    const command = `node ${BIN} preview -n all --config ${at('c.json')} --as-of ${NOW} < ${at('rows.csv')} | head -n 1`;
    const script = `set -o pipefail; ${command}; echo "exit \${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await new Promise<{ stdout: string; stderr: string }>((resolve) => {
      execFile('bash', ['--norc', '-c', script], { env: { ...env, BASH_ENV: '' } }, (_, out, err) => {
        resolve({ stdout: out, stderr: err });
      });
    });
    expect(stdout).toMatch(/^\{"row":1,.*\}\nexit 0\n$/);
    expect(stderr).toBe('');
  });

  it('waits for a slow reader of its output, which gets everything, without a complaint', async () => {
    const rows = 5000;
    const args = ['preview', '-n', 'all', '--result', resultText(), '--as-of', NOW];
    const child = spawn(process.execPath, [BIN, ...args], { env });
    child.stdin.end(csv(...Array.from({ length: rows }, () => GOOD)));
    let stderr = '';
    child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
    const closed = once(child, 'close');
    let stdout = '';
    for await (const piece of child.stdout.setEncoding('utf8')) {
      stdout += String(piece);
      await new Promise(setImmediate);
    }
    expect(await closed).toEqual([0, null]);
    expect(stderr).toBe('');
    const numbers = stdout.split('\n').map((line) => /^\{"row":(\d+),.*\}$/.exec(line)?.[1]);
    expect(numbers).toEqual([...Array.from({ length: rows }, (_, index) => String(index + 1)), undefined]);
  });

  it('loads nothing heavy for help', async () => {
    // Modules of packages are not listed anywhere; what they need of Node is.
    const script = `
      import { main } from ${JSON.stringify(`${ROOT}/dist/cli/main.js`)};
      import { processIo } from ${JSON.stringify(`${ROOT}/dist/cli/io.js`)};
      const heavy = () => process.moduleLoadList.filter((name) => /NativeModule (http|zlib)$/.test(name)).join(',');
      await main(['export', '--help'], processIo());
      process.stderr.write('help:' + heavy());
      await main(['check', '/nonexistent', '--result', process.argv[1]], processIo());
      process.stderr.write('check:' + heavy());
      await main(['export', '/dev/null', '--allow-empty', '--result', process.argv[1]], processIo());
      process.stderr.write('export:' + heavy());`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, resultText()], { env });
    const parts: string[] = [];
    child.stderr.on('data', (data: Buffer) => parts.push(data.toString()));
    child.stdout.resume();
    await once(child, 'close');
    expect(parts.join('')).toMatch(
      /^help:error\[input_missing\][^]*check:NativeModule zlib[^]*export:.*http/,
    );
  });

  it('simulates the API until it is told to end, and delivers to it', async () => {
    const simulator = spawn(process.execPath, [BIN, 'simulator', '--port', '0', '--max-age-days', '36500'], {
      env,
    });
    const url = await firstLine(simulator.stdout);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const { at } = folderWith({
      'rows.csv': csv(GOOD),
      'c.json': configText({ max_future_minutes: 500_000 }),
    });
    const run = await runCli(['export', at('rows.csv'), '--config', at('c.json'), '--json', '--as-of', NOW], {
      env: { SNAPCAPI_API_BASE_URL: url },
    });
    expect(JSON.parse(run.stdout)).toMatchObject({ outcomes: { sent: 1 }, exitCode: 0 });
    expect(run.code).toBe(0);
    simulator.kill('SIGTERM');
    const [code] = (await once(simulator, 'close')) as [number];
    expect(code).toBe(0);
  });

  it('ends with 130 when it is interrupted while it waits for input', async () => {
    const { at } = folderWith({});
    const made = new Promise((resolve) => watch(at('.'), resolve).unref());
    const argv = [
      'export',
      '--result',
      resultText({ api_base_url: 'http://127.0.0.1:9' }),
      '--rejects',
      at('r'),
    ];
    const child = spawn(process.execPath, [BIN, ...argv], { env });
    child.stdin.write(csv(GOOD));
    await made;
    child.kill('SIGINT');
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(130);
  });
});
