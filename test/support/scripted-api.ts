import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { inTemporaryFolder, type CliResult } from './cli.js';
import { AS_OF, BAD, type ExportRun } from './exports.js';
import { startCli, type RunningCli } from './process.js';

/** An event as it arrives. `note` is the column that tests give it by. */
export type ApiEvent = {
  readonly event_id?: string;
  readonly custom_data: { readonly note: string };
};

export type ApiAnswer = {
  readonly status?: number;
  /** Sent as JSON unless it is text. */
  readonly body?: unknown;
  /** Whether an event is stored; by default all are when the answer is VALID, and else none. */
  readonly stores?: (event: ApiEvent) => boolean;
};

/** Decides the n-th answer, from 1. */
export type Script = (events: readonly ApiEvent[], n: number) => ApiAnswer;

export const VALID: ApiAnswer = { body: { status: 'VALID' } };

export function invalid(status: number, more: object): ApiAnswer {
  return { status, body: { status: 'INVALID', reason: 'Bad.', ...more } };
}

export type ScriptedScene = {
  readonly folder: string;
  readonly config: string;
  /** How often each event was stored, by its note. */
  readonly stored: ReadonlyMap<string, number>;
  readonly requests: () => number;
  readonly bytes: () => number;
  readonly start: (rows: string, args?: readonly string[]) => RunningCli;
  readonly export: (rows: string, args?: readonly string[]) => Promise<ScriptedRun>;
};

export type ScriptedRun = CliResult & {
  readonly outcomes: NonNullable<ExportRun['summary']>['outcomes'];
  readonly seconds: number;
};

/** A CSV of valid rows with these notes. */
export function rowsWithNotes(notes: readonly string[]): string {
  const lines = notes.map(
    (note) => `PURCHASE,2026-11-19T12:00:00Z,https://shop.example/,a@b.example,USD,1,"${note}"\n`,
  );
  return `event_name,event_time,event_source_url,em,currency,value,note\n${lines.join('')}`;
}

/** Runs exports against an API that answers as the script says. `config` is added to that of the bad fixtures. */
export function withScriptedApi(
  script: Script,
  work: (scene: ScriptedScene) => Promise<void>,
  config: object = {},
): Promise<void> {
  return inTemporaryFolder(async (folder) => {
    const stored = new Map<string, number>();
    let requests = 0;
    let bytes = 0;

    function respond(body: string, response: ServerResponse): void {
      requests += 1;
      bytes += body.length;
      const { data } = JSON.parse(body) as { data: readonly ApiEvent[] };
      const answer = script(data, requests);
      const { stores = () => answer === VALID } = answer;
      for (const event of data.filter(stores)) {
        const { note } = event.custom_data;
        stored.set(note, (stored.get(note) ?? 0) + 1);
      }
      const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body ?? '');
      response.writeHead(answer.status ?? 200).end(text);
    }

    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('error', () => undefined);
      request.on('end', () => {
        respond(Buffer.concat(chunks).toString(), response);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const configFile = join(folder, 'config.json');
    const base = JSON.parse(readFileSync(join(BAD, 'config.json'), 'utf8')) as object;
    writeFileSync(configFile, JSON.stringify({ ...base, ...config }));

    function start(rows: string, args: readonly string[] = []): RunningCli {
      const path = join(folder, 'rows.csv');
      writeFileSync(path, rows);
      const common = ['--config', configFile, '--as-of', AS_OF, '--json', '--rate', '1000'];
      return startCli(['export', path, ...common, ...args], {
        env: {
          SNAPCAPI_API_BASE_URL: `http://127.0.0.1:${port}`,
          SNAPCAPI_STATE_DIR: join(folder, 'state'),
        },
      });
    }

    async function exportRows(rows: string, args?: readonly string[]): Promise<ScriptedRun> {
      const startedMs = performance.now();
      const result = await start(rows, args).ended;
      if (result.stdout === '') throw new Error(`there is no summary, but: ${result.stderr}`);
      const { outcomes } = JSON.parse(result.stdout) as Pick<ScriptedRun, 'outcomes'>;
      return { ...result, outcomes, seconds: (performance.now() - startedMs) / 1000 };
    }

    try {
      await work({
        folder,
        config: configFile,
        stored,
        requests: () => requests,
        bytes: () => bytes,
        start,
        export: exportRows,
      });
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
}
