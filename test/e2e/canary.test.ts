import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseFaults, startSimulator } from '../../src/simulator/index.js';
import { inTemporaryFolder, type CliResult } from '../support/cli.js';
import { AS_OF } from '../support/exports.js';
import { startCli, type RunningCli } from '../support/process.js';
import {
  commandLines,
  filesIn,
  leaksIn,
  markedCsv,
  SECRET_ENV,
  sayEverything,
  startEchoServer,
  type Echo,
} from './canary-scene.js';

const CONFIG = {
  type: 'snapchat_conversion',
  auth_method: 'api_token',
  api_token: '${SNAPCAPI_API_TOKEN}',
  event_source_type: 'web',
  event_source_id: '11111111-2222-4333-8444-555555555555',
  send_test_events: false,
  skip_invalid_records: true,
};
/** What was put there by the test, or asked for. */
const GIVEN = ['rows.csv', 'config.json', 'token', 'asked.jsonl', 'asked.csv'];

const EVERY_FAULT =
  '503@2,429:retry=0@4,reset-after@6,cut@8,html@10,empty@12,garbage@14,slow:20@16,drip:1@18,hangup@20,reset-before@22,silence@24,html:502@26';

type Stage = {
  readonly folder: string;
  readonly start: (
    url: string,
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ) => RunningCli;
};

function onStage(work: (stage: Stage) => Promise<void>): Promise<void> {
  return inTemporaryFolder(async (folder) => {
    writeFileSync(join(folder, 'rows.csv'), markedCsv());
    writeFileSync(join(folder, 'config.json'), JSON.stringify(CONFIG));
    writeFileSync(join(folder, 'token'), `${SECRET_ENV.SNAPCAPI_API_TOKEN}\n`, { mode: 0o600 });
    mkdirSync(join(folder, 'state'), { mode: 0o700 });
    const at = (name: string): string => join(folder, name);
    await work({
      folder,
      start: (url, args, env = {}) =>
        startCli(
          [
            ...['export', at('rows.csv'), '--config', at('config.json'), '--as-of', AS_OF, '--no-early-stop'],
            ...[
              '--rejects',
              at('rejects.jsonl'),
              '--report',
              at('report.json'),
              '--json',
              '--debug',
              '--verbose',
            ],
            ...[
              '--batch-size',
              '3',
              '--concurrency',
              '8',
              '--rate',
              '1000',
              '--request-timeout',
              '1',
              ...args,
            ],
          ],
          { env: { ...SECRET_ENV, SNAPCAPI_API_BASE_URL: url, SNAPCAPI_STATE_DIR: at('state'), ...env } },
        ),
    });
  });
}

/** Looks at everything that was written, and gives it. */
function expectNoLeak({ stdout, stderr }: CliResult, folder: string): ReadonlyMap<string, string> {
  const written = new Map([['stdout', stdout], ['stderr', stderr], ...filesIn(folder, GIVEN)]);
  for (const [name, text] of written) expect({ name, leaks: leaksIn(text) }).toEqual({ name, leaks: [] });
  return written;
}

async function withServer(
  echo: Echo,
  work: (url: string, requests: () => number) => Promise<void>,
): Promise<void> {
  const server = await startEchoServer(echo);
  try {
    await work(server.url, server.requests);
  } finally {
    await server.close();
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (const endMs = Date.now() + 8000; !condition();) {
    if (Date.now() > endMs) throw new Error('what was waited for did not come');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe.concurrent('no marked cell and no secret is written', () => {
  test.each(['text', 'json'])('when the API fails in every way, with a log as %s', (format) =>
    onStage(async ({ folder, start }) => {
      const clock = (): number => Date.parse(AS_OF);
      const simulator = await startSimulator({
        clock,
        onInvalid: 'partial',
        faults: parseFaults(EVERY_FAULT),
      });
      try {
        const running = start(simulator.url, ['--log-format', format]);
        const seen: string[] = [];
        await until(() => {
          seen.push(...commandLines());
          return simulator.stats().requests > 3;
        });
        const result = await running.ended;
        const written = expectNoLeak(result, folder);
        expect(seen.length).toBeGreaterThan(0);
        expect(leaksIn(seen.join('\n'))).toEqual([]);
        // Otherwise there was nothing to be seen.
        expect(written.get('rejects.jsonl')?.split('\n').length).toBeGreaterThan(10);
        expect(result.stderr).toContain('access_token=***');
        expect([...written.keys()].some((name) => name.endsWith('journal.jsonl'))).toBe(true);
      } finally {
        await simulator.close();
      }
    }),
  );

  test.each(['text', 'json'])('when a server sends back what it got, with a log as %s', (format) =>
    onStage(async ({ folder, start }) => {
      await withServer(sayEverything, async (url) => {
        const result = await start(url, ['--log-format', format, '--token-file', join(folder, 'token')])
          .ended;
        const written = expectNoLeak(result, folder);
        expect(written.get('rejects.jsonl')).toContain('***');
        expect(result.stderr).toContain('***');
      });
    }),
  );

  test('when the credential is refused with an echo', () =>
    onStage(async ({ folder, start }) => {
      await withServer(
        (request, answer) =>
          answer.writeHead(401).end(JSON.stringify({ status: 'INVALID', reason: `token ${request}` })),
        async (url) => {
          const result = await start(url, ['--test-events', '--no-resume']).ended;
          expect(result.code).toBe(77);
          expectNoLeak(result, folder);
        },
      );
    }));

  test('when it is told to end, and goes on with a damaged journal', () =>
    onStage(async ({ folder, start }) => {
      let told = false;
      const echo: Echo = (request, answer, count) => {
        if (told) sayEverything(request, answer, count);
        else if (count < 3) answer.writeHead(200).end('{"status":"SUCCESS"}');
        else setTimeout(() => answer.writeHead(503).end(request), 100);
      };
      await withServer(echo, async (url, requests) => {
        const running = start(url, ['--concurrency', '1']);
        await until(() => requests() > 3);
        running.kill('SIGTERM');
        const ended = await running.ended;
        expect(ended.code).toBe(143);
        const journal = [...expectNoLeak(ended, folder).keys()].find((name) =>
          name.endsWith('journal.jsonl'),
        );
        const path = join(folder, journal ?? '');
        const lines = readFileSync(path, 'utf8').split('\n');
        lines[2] = `{"seq":3,"t":"ack","reason":"Zk9Qcell ${SECRET_ENV.SNAPCAPI_API_TOKEN}"`;
        writeFileSync(path, lines.join('\n'));
        told = true;
        const result = await start(url, []).ended;
        // The damaged line stays as it is, and so do the marks that the test put into it.
        writeFileSync(path, readFileSync(path, 'utf8').replace(lines[2], ''));
        expectNoLeak(result, folder);
        expect(result.stderr).toContain('line 3 of the journal is damaged');
      });
    }));

  test('when the program crashes', () =>
    onStage(async ({ folder, start }) => {
      const [message] = markedCsv().split('\n').slice(1);
      const thrown = `${message} ${SECRET_ENV.SNAPCAPI_API_TOKEN}\n    at Zk9Qcell (file:///Zk9Qcell:1:1)`;
      // A run listens for signals once it is under way.
      const code = `setInterval(() => { if (process.listenerCount('SIGTERM') > 0) throw new RangeError(${JSON.stringify(thrown)}) }, 5)`;
      const NODE_OPTIONS = `--import=data:text/javascript;base64,${Buffer.from(code).toString('base64')}`;
      await withServer(
        () => undefined,
        async (url) => {
          const result = await start(url, [], { NODE_OPTIONS }).ended;
          expect(result.code).toBe(70);
          expect(result.stderr).toContain('unexpected RangeError');
          expectNoLeak(result, folder);
        },
      );
    }));

  test('but where it was asked for', () =>
    onStage(async ({ folder, start }) => {
      const asked = ['--rejects', join(folder, 'asked.jsonl'), '--rejects-with-values'];
      const result = await start('http://127.0.0.1:9', [
        ...['--dry-run', '--rejected-rows', join(folder, 'asked.csv'), ...asked],
      ]).ended;
      expect(result.code).toBe(0);
      expectNoLeak(result, folder);
      expect(leaksIn(readFileSync(join(folder, 'asked.csv'), 'utf8'))).toEqual(['Zk9Qcell']);
      expect(readFileSync(join(folder, 'asked.jsonl'), 'utf8')).toContain('"value":"Zk9Qcell');
    }));
});
