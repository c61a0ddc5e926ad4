import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inTemporaryFolder } from '../support/cli.js';
import { CONTAINER, CONTAINER_REASON, processOneOf } from '../support/containers.js';
import { BAD } from '../support/exports.js';
import { startCli } from '../support/process.js';

const CODES = { SIGINT: 130, SIGTERM: 143 } as const;
const SIGNALS = Object.keys(CODES) as (keyof typeof CODES)[];
const CONFIG = ['--config', join(BAD, 'config.json')];
const WATCHING = [
  ['check', ...CONFIG],
  ['export', ...CONFIG],
  ['export', '--no-resume', ...CONFIG],
];
const OTHERS = [
  ['preview', ...CONFIG],
  ['preview', '--bodies', ...CONFIG],
  ['columns', ...CONFIG],
];

type Case = { readonly args: readonly string[]; readonly signal: keyof typeof CODES };

function cases(commands: readonly (readonly string[])[]): readonly Case[] {
  return commands.flatMap((args) => SIGNALS.map((signal) => ({ args, signal })));
}

/** Has a command read a named pipe to which nobody writes, sends one signal, and gives its exit code. */
async function endBySignal({ args, signal }: Case, wrap: readonly string[] = []): Promise<number> {
  return inTemporaryFolder(async (folder) => {
    const pipe = join(folder, 'rows.csv');
    execFileSync('mkfifo', [pipe]);
    const running = startCli([...args, pipe], {
      wrap,
      env: { SNAPCAPI_STATE_DIR: join(folder, 'state'), SNAPCAPI_API_BASE_URL: 'http://127.0.0.1:9' },
    });
    const state = { over: false };
    void running.ended.then(() => (state.over = true));
    let writer: number | undefined;
    while (!state.over && (writer = openWriter(pipe)) === undefined)
      await new Promise((resolve) => setTimeout(resolve, 5));
    const pid = wrap.length === 0 ? running.pid : processOneOf(running.pid);
    process.kill(pid, signal);
    const { code, stderr } = await running.ended;
    if (writer !== undefined) closeSync(writer);
    expect(stderr).not.toContain('error[internal]');
    return code;
  });
}

/** The other end of a named pipe, once somebody reads it. */
function openWriter(pipe: string): number | undefined {
  try {
    return openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}

describe.skipIf(process.platform === 'win32')('the first signal', () => {
  it.each(cases(WATCHING))('$signal ends $args that waits for a named pipe', async (one) => {
    expect(await endBySignal(one)).toBe(CODES[one.signal]);
  });
});

describe.skipIf(CONTAINER === undefined)(`process 1 of a container${CONTAINER_REASON}`, () => {
  it.each(cases([...WATCHING, ...OTHERS]))('ends at the first $signal: $args', async (one) => {
    expect(await endBySignal(one, CONTAINER)).toBe(CODES[one.signal]);
  });
});
