import { freshStateDir } from '../support/state.js';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';

import type { Io, SignalName } from '../../src/cli/io.js';
import { main } from '../../src/cli/main.js';
import { createSecrets } from '../../src/secrets.js';

/** "Now" of these tests; the rows below lie a day before it. */
export const NOW = '2026-11-20T12:00:00Z';

const HEADER = 'event_name,event_time,event_source_url,madid,em';
export const GOOD = 'PAGE_VIEW,2026-11-19T12:00:00Z,https://example.com/,ab-1,a@example.com';
export const BAD = 'PAGE_VIEW,2026-11-19T12:00:00Z,https://example.com/,ab-1,not an address';
export const OLD = 'PAGE_VIEW,2026-01-01T12:00:00Z,https://example.com/,ab-1,a@example.com';

export type TestRun = {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly ended: readonly number[];
};

export type TestIo = {
  readonly io: Io;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Sends an interrupt to whoever listens. */
  readonly interrupt: (name: SignalName) => void;
  /** Runs all timers once. */
  readonly tick: () => void;
  /** Codes given to exitNow. */
  readonly ended: number[];
};

export type TestIoOptions = {
  readonly stdin?: Iterable<string> | AsyncIterable<string>;
  readonly env?: Readonly<Record<string, string>>;
  readonly terminal?: boolean;
  readonly clock?: () => number;
};

/** An outside world in memory. */
export function testIo(options: TestIoOptions = {}): TestIo {
  const out = collector();
  const err = collector();
  const listeners = new Set<(name: SignalName) => void>();
  const timers = new Set<() => void>();
  const ended: number[] = [];
  const io: Io = {
    stdin: () => Readable.from(toBytes(options.stdin ?? []), { objectMode: true, highWaterMark: 1 }),
    stdinIsTerminal: options.stdin === undefined,
    stdout: out.stream,
    stderr: err.stream,
    stderrIsTerminal: options.terminal ?? false,
    secrets: createSecrets(),
    env: { SNAPCAPI_STATE_DIR: freshStateDir(), ...TOKEN_ENV, ...options.env },
    clock: options.clock ?? (() => Date.parse(NOW)),
    every: (_, task) => {
      timers.add(task);
      return () => timers.delete(task);
    },
    onSignal: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    exitNow: (code) => ended.push(code),
  };
  return {
    io,
    stdout: out.text,
    stderr: err.text,
    interrupt: (name) => {
      for (const listener of listeners) listener(name);
    },
    tick: () => {
      for (const task of timers) task();
    },
    ended,
  };
}

function collector(): { readonly stream: Writable; readonly text: () => string } {
  const parts: Buffer[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _, done) => {
      parts.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(parts).toString() };
}

async function* toBytes(texts: Iterable<string> | AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const text of texts) yield Buffer.from(text);
}

/** Runs a command line in this process. */
export async function run(argv: readonly string[], options: TestIoOptions = {}): Promise<TestRun> {
  const { io, stdout, stderr, ended } = testIo(options);
  const code = await main(argv, io);
  return { code, stdout: stdout(), stderr: stderr(), ended };
}

/** A folder with files in it; `at` gives paths, `read` contents. */
export function folderWith(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'snapcapi-'));
  const at = (name: string): string => join(folder, name);
  for (const [name, text] of Object.entries(files)) writeFileSync(at(name), text);
  return { at, read: (name: string) => readFileSync(at(name), 'utf8') };
}

/** The environment in which the token of `resultText` is. */
export const TOKEN_ENV: Readonly<Record<string, string>> = { CANARY: 'CANARY-TOKEN', WRONG: 'wrong' };

/** The text of a config with an API token, with changes. */
export function configText(changes: object = {}): string {
  return JSON.stringify({
    type: 'snapchat_conversion',
    auth_method: 'api_token',
    api_token: 'CANARY-TOKEN',
    event_source_id: 'pixel-1',
    ...changes,
  });
}

/** The same for `--result`, where a token must not be written: it names variables of `TOKEN_ENV`. */
export function resultText(changes: object = {}): string {
  return configText({ api_token: '${CANARY}', ...changes });
}

/** Rows below the header, as CSV text. */
export function csv(...rows: readonly string[]): string {
  return [HEADER, ...rows, ''].join('\n');
}
