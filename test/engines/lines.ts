import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { startSimulator } from '../../src/simulator/index.js';
import { parseLines, ROOT } from '../support/cli.js';
import type { CliResult } from '../support/cli.js';
import { AS_OF } from '../support/exports.js';
import { readText } from '../support/project.js';
import { freshStateDir } from '../support/state.js';
import type { Expected } from './expected.js';

const BIN = join(ROOT, 'bin', 'snapcapi.js');

/** Where the shop's SQL and these tests are. */
export const SQL = join(ROOT, 'test', 'engines');

/** The command lines of docs/sources.md that are marked as tested, by the names in their marks. */
export function documentedLines(): ReadonlyMap<string, string> {
  const page = readText('docs/sources.md');
  const marked = [...page.matchAll(/<!-- tested: ([\w-]+) -->\n+```sh\n([^`]+)```/g)];
  return new Map(marked.map(([, name = '', line = '']) => [name, line]));
}

export type Scene = {
  /** Where the lines run; clients find their settings here, as in a home directory. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
};

/** A folder with all that the documented lines need besides a client and its database. */
export function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'snapcapi-shop-'));
  const config = {
    type: 'snapchat_conversion',
    auth_method: 'api_token',
    api_token: '${SNAPCHAT_TOKEN}',
    event_source_type: 'web',
    event_source_id: '5d2c1a7e-0b4f-4c8e-9a63-1f7be20c9d11',
  };
  const result = { ...config, custom_datetime_columns: ['packed_at'] };
  writeFileSync(join(folder, 'result.json'), JSON.stringify(result));
  writeFileSync(join(folder, 'india.json'), JSON.stringify({ ...config, time_zone: 'Asia/Kolkata' }));
  installSnapcapi(join(folder, 'preview'), `preview -n all --as-of ${AS_OF}`);
  installSnapcapi(join(folder, 'export'), `export --json --as-of ${AS_OF}`);
  return folder;
}

/** A program `snapcapi` that runs another command than the `export` of the documented lines, with their flags. */
function installSnapcapi(folder: string, command: string): void {
  mkdirSync(folder);
  const path = join(folder, 'snapcapi');
  writeFileSync(path, `#!/bin/sh\nshift\nexec '${process.execPath}' '${BIN}' ${command} "$@"\n`);
  chmodSync(path, 0o755);
}

/** Runs a documented line as it stands, with the real client, and gives what the command would do with each row. */
export async function previewLine(name: string, scene: Scene): Promise<readonly Expected[]> {
  const run = await runLine(name, 'preview', scene);
  expect(run.stderr).toBe('');
  expect(run.code).toBe(0);
  return inOrder((parseLines(run.stdout) as PreviewLine[]).map(essence));
}

/** Runs a documented line as it stands against a simulator, and gives the events that arrived there. */
export async function exportLine(name: string, scene: Scene): Promise<readonly Expected[]> {
  const simulator = await startSimulator({ clock: () => Date.parse(AS_OF) });
  try {
    const env = { ...scene.env, SNAPCAPI_API_BASE_URL: simulator.url, SNAPCAPI_STATE_DIR: freshStateDir() };
    const run = await runLine(name, 'export', { ...scene, env });
    expect(run.code, run.stderr).toBe(0);
    return inOrder(simulator.events().map(({ text }) => ({ event: JSON.parse(text), warnings: [] })));
  } finally {
    await simulator.close();
  }
}

type PreviewLine = {
  readonly outcome: string;
  readonly event?: Expected['event'];
  readonly warnings?: readonly { readonly code: string }[];
  readonly issues?: readonly { readonly code: string; readonly column?: string }[];
};

/** A row that is not valid shows its issues in place of an event. */
function essence({ event, warnings = [], issues = [] }: PreviewLine): Expected {
  const found = issues.map(({ code, column }) => `${code} ${column ?? ''}`.trim());
  return { event: event ?? { issues: found }, warnings: warnings.map(({ code }) => code).sort() };
}

function inOrder(rows: readonly Expected[]): readonly Expected[] {
  return [...rows].sort((a, b) => String(a.event['event_id']).localeCompare(String(b.event['event_id'])));
}

function runLine(name: string, command: 'preview' | 'export', scene: Scene): Promise<CliResult> {
  const line = documentedLines().get(name);
  if (line === undefined) throw new Error(`docs/sources.md has no line marked "tested: ${name}"`);
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', `set -o pipefail\n${line}`], {
      cwd: scene.folder,
      env: {
        PATH: `${join(scene.folder, command)}:${process.env['PATH'] ?? ''}`,
        HOME: scene.folder,
        // A client must not take the encoding of its output from this machine.
        LC_ALL: 'C',
        NO_COLOR: '1',
        SNAPCHAT_TOKEN: 'not-a-real-token',
        ...scene.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (data: Buffer) => out.push(data));
    child.stderr.on('data', (data: Buffer) => err.push(data));
    child.once('error', reject);
    child.once('close', (code) => {
      const [stdout = '', stderr = ''] = [out, err].map((parts) => Buffer.concat(parts).toString());
      resolve({ code: code ?? -1, stdout, stderr });
    });
  });
}
