import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { asRunError } from '../../src/cli/errors.js';
import { guardIo } from '../../src/cli/guard.js';
import { createOutput } from '../../src/cli/output.js';
import { harmlessJson, jsonText } from '../../src/report/json-text.js';
import { createSecrets } from '../../src/secrets.js';
import { startSimulator } from '../../src/simulator/index.js';
import { inTemporaryFolder, runCli } from '../support/cli.js';
import { startEchoServer } from '../e2e/canary-scene.js';
import { csv, GOOD, NOW, resultText, testIo } from './support.js';

const SECRET = 'Zk9Q-secret/1+1';
/** Color, CSI in one byte, a link, a title, right-to-left, a zero-width blank, a line of its own. */
const HOSTILE = '\u001b[31mred\u009b1m\u001b]8;;http://evil\u0007x\u202e\u200bgnp%s<b>*a*`&';
const UNSEEN = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

describe('nothing written holds a secret', () => {
  test('of the environment, a proxy included', async () => {
    const { io, stderr } = testIo({
      env: {
        SNAPCAPI_OAUTH_REFRESH_TOKEN: SECRET,
        https_proxy: `http://me:${encodeURIComponent('p@ss/word1')}@h:1`,
      },
    });
    const guarded = await guardIo(io);
    guarded.stderr.write(`a ${encodeURIComponent(SECRET)} p@ss/word1\n`);
    io.secrets.add('learnt later');
    guarded.stderr.write('learnt later\n');
    expect(stderr()).toBe('a *** ***\n***\n');
  });

  test('on standard output, but cells that were asked for stay', async () => {
    const { io, stdout } = testIo();
    const out = createOutput(io.stdout, createSecrets([SECRET]));
    await out.write(`{"a":"${SECRET}"}\n`);
    await out.writeCells(`{"a":"${SECRET}\u009b"}\n`);
    expect(stdout()).toBe(`{"a":"***"}\n{"a":"${SECRET}\\u009b"}\n`);
  });
});

test('no request that Node itself shows with NODE_DEBUG holds a secret', async () => {
  const simulator = await startSimulator({ clock: () => Date.parse(NOW) });
  try {
    const { code, stderr } = await runCli(
      ['export', '-', '--result', resultText({ api_base_url: simulator.url }), '--as-of', NOW, '--no-resume'],
      {
        stdin: csv(GOOD),
        env: {
          CANARY: SECRET,
          NODE_DEBUG: 'undici,fetch,net,http',
          HTTPS_PROXY: 'http://me:sesame-1@127.0.0.1:1',
        },
      },
    );
    expect(code).toBe(0);
    expect(stderr).toMatch(/(UNDICI|FETCH) .*access_token=\*{3}/);
    expect(stderr).not.toContain(SECRET);
    expect(stderr).not.toContain(encodeURIComponent(SECRET));
  } finally {
    await simulator.close();
  }
});

describe('an unexpected error', () => {
  test('is told without its message, even one that looks like a frame', () => {
    const error = new TypeError(`cell\n    at cell (file:///cell:1:1)`);
    const { message } = asRunError(error);
    expect(message).toMatch(/^unexpected TypeError\n {4}at /);
    expect(message).not.toContain('cell');
    error.name = 'cell cell';
    expect(asRunError(error).message).not.toContain('cell');
  });
});

test.each(['--token', '--api-token=x', '--client-secret', '--refresh-token', '--access_token', '--code'])(
  'the flag %s is refused with the right way to go',
  async (flag) => {
    const { code, stderr } = await runCli(['export', flag, SECRET]);
    expect(code).toBe(64);
    expect(stderr).toContain('never given as a flag');
    expect(stderr).toContain('SNAPCAPI_');
    expect(stderr).not.toContain('Zk9Q');
  },
);

describe('nothing foreign steers a terminal', () => {
  test('JSON is escaped and stays what it is', () => {
    const value = { [HOSTILE]: [HOSTILE, '\u2028\ud800😀'] };
    const text = jsonText(value, 2);
    expect(text).not.toMatch(UNSEEN);
    expect(text).not.toMatch(/[<>&]/);
    expect(JSON.parse(text)).toEqual(value);
    expect(harmlessJson('{"a":"\u009b<"}')).toBe('{"a":"\\u009b\\u003c"}');
  });

  test.each(['text', 'json'])('names, cells, config keys and answers, with a log as %s', (format) =>
    inTemporaryFolder(async (folder) => {
      const name = `${HOSTILE.replaceAll('/', '')}.csv`;
      mkdirSync(join(folder, 'state'), { mode: 0o700 });
      const header = `event_name,event_time,event_source_url,madid,${HOSTILE},${HOSTILE}`;
      const row = 'PAGE_VIEW,2026-11-19T12:00:00Z,https://example.com/,ab-1';
      writeFileSync(join(folder, name), `${header}\n${row},,\n${row},${HOSTILE},\n`);
      writeFileSync(
        join(folder, 'good.csv'),
        `${header.split(',').slice(0, 5).join(',')}\n${row},${HOSTILE}\nx,${row}\n`,
      );
      const server = await startEchoServer((_, answer) => {
        answer
          .writeHead(400)
          .end(JSON.stringify({ status: 'INVALID', reason: `no ${HOSTILE}`, errors: [HOSTILE] }));
      });
      try {
        const config = {
          ...{ type: 'snapchat_conversion', auth_method: 'api_token', api_token: SECRET },
          ...{ event_source_type: 'web', event_source_id: '11111111-2222-4333-8444-555555555555' },
          ...{ send_test_events: false, skip_invalid_records: true, api_base_url: server.url },
        };
        writeFileSync(join(folder, 'config.json'), JSON.stringify(config), { mode: 0o600 });
        writeFileSync(join(folder, 'bad.json'), JSON.stringify({ ...config, [HOSTILE]: 1 }), { mode: 0o600 });
        const env = { SNAPCAPI_STATE_DIR: join(folder, 'state') };
        const common = ['--as-of', '2026-11-20T12:00:00Z', '--log-format', format, '--debug'];
        const all = await Promise.all([
          runCli(['export', name, '--config', 'config.json', ...common], { cwd: folder, env }),
          runCli(['export', 'good.csv', '--config', 'config.json', '--json', ...common], {
            cwd: folder,
            env,
          }),
          runCli(['check', 'good.csv', '--config', 'bad.json'], { cwd: folder }),
          runCli(['check', `${HOSTILE}none`, '--config', 'config.json'], { cwd: folder }),
          runCli(['columns', name, '--config', 'config.json'], { cwd: folder }),
          runCli([HOSTILE], { cwd: folder }),
        ]);
        for (const { stdout, stderr } of all) {
          expect(stdout).not.toMatch(UNSEEN);
          expect(stderr).not.toMatch(UNSEEN);
          expect(`${stdout}${stderr}`).toMatch(/u001b|gnp|\*\*\*/);
        }
        expect(server.requests()).toBeGreaterThan(0);
      } finally {
        await server.close();
      }
    }),
  );
});
