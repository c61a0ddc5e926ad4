import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { startSimulator } from '../../src/simulator/index.js';
import { inTemporaryFolder, parseLines, ROOT, runCli } from '../support/cli.js';
import { AS_OF, exportThrough } from '../support/exports.js';

const HEADER = 'event_name,event_time,event_source_url,event_id,em';
const run = promisify(execFile);

function row(id: string): string {
  return `PAGE_VIEW,2026-11-19T10:00:00Z,https://example.com/,${id},${id}@example.com`;
}

function writeConfig(folder: string): string {
  const path = join(folder, 'config.json');
  const config = { type: 'snapchat_conversion', auth_method: 'api_token', event_source_id: 'pixel' };
  writeFileSync(path, JSON.stringify({ ...config, api_token: '${TOKEN}' }));
  return path;
}

describe('many input files', () => {
  it.skipIf(process.platform === 'win32')(
    'need few open files at a time, and no warning of Node',
    { timeout: 120_000 },
    async () => {
      await inTemporaryFolder(async (folder) => {
        const files = Array.from({ length: 1500 }, (_, i) => `${i}.csv`);
        for (const [i, name] of files.entries())
          writeFileSync(join(folder, name), `${HEADER}\n${row(`id-${i}`)}\n`);
        const simulator = await startSimulator({ clock: () => Date.parse(AS_OF) });
        try {
          const bin = join(ROOT, 'bin', 'snapcapi.js');
          const flags = ['--config', writeConfig(folder), '--as-of', AS_OF, '--log-format', 'json', '--json'];
          const { stdout, stderr } = await run(
            'sh',
            ['-c', 'ulimit -n 256; exec "$0" "$@"', process.execPath, bin, 'export', ...files, ...flags],
            {
              cwd: folder,
              env: {
                PATH: process.env['PATH'],
                TOKEN: 't',
                SNAPCAPI_STATE_DIR: join(folder, 'state'),
                SNAPCAPI_API_BASE_URL: simulator.url,
              },
              maxBuffer: 64 * 1024 * 1024,
            },
          );
          const summary = JSON.parse(stdout) as { inputs: { rows: number; bytes: number }[] };
          expect(summary).toMatchObject({ exitCode: 0, rowsRead: 1500, outcomes: { sent: 1500 } });
          expect(summary.inputs).toHaveLength(1500);
          expect(summary.inputs[0]).toMatchObject({ rows: 1, bytes: `${HEADER}\n${row('id-0')}\n`.length });
          // Every line is JSON.
          expect(parseLines(stderr).length).toBeGreaterThan(0);
          expect(stderr.includes('MaxListeners')).toBe(false);
          const stored = new Set(simulator.events().map(({ eventId }) => eventId));
          expect(stored.size).toBe(1500);
        } finally {
          await simulator.close();
        }
      });
    },
  );

  it.concurrent.each([
    ['is missing', undefined, 'input_missing', 66],
    ['has a bad header', `${HEADER},EM\n${row('z')},x\n`, 'header_invalid', 65],
    ['has no header', `${row('z')}\n`, 'no_standard_column', 65],
  ])('send nothing when the last one %s', async (_, text, error, exit) => {
    await inTemporaryFolder(async (folder) => {
      const files = ['a', 'b', 'c'].map((name) => join(folder, `${name}.csv`));
      for (const file of files.slice(0, 2)) {
        const rows = Array.from({ length: 3000 }, (_, i) => row(`${file.at(-5)}${i}`));
        writeFileSync(file, [HEADER, ...rows, ''].join('\n'));
      }
      if (text !== undefined) writeFileSync(join(folder, 'c.csv'), text);
      const ended = await exportThrough({ args: files });
      expect(ended.code).toBe(exit);
      expect(ended.stderr).toContain(`error[${error}]`);
      expect(ended.stats.requests).toBe(0);
    });
  });

  it.concurrent('count the bytes of each once, whatever way they are read', async () => {
    await inTemporaryFolder(async (folder) => {
      const text = [HEADER, ...Array.from({ length: 5000 }, (_, i) => row(`id-${i}`)), ''].join('\n');
      const file = join(folder, 'rows.csv');
      writeFileSync(file, text);
      for (const one of [
        { args: [file] },
        { args: ['-', '--no-resume'], stdin: text },
        { args: ['-'], stdin: text },
      ]) {
        const ended = await exportThrough(one);
        expect(ended.code).toBe(0);
        expect(ended.summary).toMatchObject({
          rowsRead: 5000,
          inputs: [{ rows: 5000, bytes: text.length }],
        });
      }
    });
  });

  it.skipIf(process.platform === 'win32').concurrent('read a pipe with a name only once', async () => {
    await inTemporaryFolder(async (folder) => {
      const pipe = join(folder, 'pipe');
      await run('mkfifo', [pipe]);
      const rows = Array.from({ length: 3000 }, (_, i) => row(`id-${i}`));
      const write = run('sh', ['-c', 'cat > "$0" < "$1"', pipe, written(folder, rows)]);
      const ended = await exportThrough({ args: [pipe, '--no-resume', '--format', 'csv'] });
      await write;
      expect(ended.code).toBe(0);
      expect(ended.summary).toMatchObject({ rowsRead: 3000, outcomes: { sent: 3000 } });
    });
  });
});

/** A CSV file of these rows. */
function written(folder: string, rows: readonly string[]): string {
  const file = join(folder, 'rows.csv');
  writeFileSync(file, [HEADER, ...rows, ''].join('\n'));
  return file;
}

describe('a file without a header', () => {
  const CELLS = 'ann@example.com,+14155550101,ann@example.com,Ann';

  it.concurrent.each([
    ['one row', `${CELLS}\n`],
    ['two rows', `${CELLS}\n${CELLS}\n`],
    ['one column', 'ann@example.com\n'],
  ])('of %s: every command refuses it and shows no cell', async (_, stdin) => {
    await inTemporaryFolder(async (folder) => {
      const report = join(folder, 'report.json');
      const config = writeConfig(folder);
      const env = { TOKEN: 't' };
      const runs = await Promise.all([
        runCli(['export', '-', '--config', config, '--dry-run', '--json', '--report', report], {
          stdin,
          env,
        }),
        runCli(['export', '-', '--config', config, '--dry-run', '--log-format', 'json'], { stdin, env }),
        runCli(['check', '-', '--config', config, '--json'], { stdin, env }),
        runCli(['preview', '-', '--config', config], { stdin, env }),
        runCli(['columns', '-', '--config', config], { stdin, env }),
        runCli(['columns', '-', '--config', config, '--json'], { stdin, env }),
      ]);
      for (const { code, stdout, stderr } of runs) {
        expect(code).toBe(65);
        expect(stderr).toContain('no_standard_column');
        for (const cell of ['ann@', '4155550101', 'Ann']) expect(stdout + stderr).not.toContain(cell);
      }
      expect(JSON.parse(runs[0].stdout)).toMatchObject({ rowsRead: 0, exitCode: 65 });
      const exported = await exportThrough({ args: ['-'], stdin });
      expect(exported.code).toBe(65);
      expect(exported.stats.requests).toBe(0);
    });
  });

  it.concurrent('is not one when the mapping makes a standard column of the input', async () => {
    await inTemporaryFolder(async (folder) => {
      const config = (columns: unknown) => {
        const path = join(folder, `config-${JSON.stringify(columns).length}.json`);
        const rest = { type: 'snapchat_conversion', auth_method: 'api_token', event_source_id: 'p' };
        writeFileSync(path, JSON.stringify({ ...rest, columns }));
        return path;
      };
      const check = (columns: unknown) =>
        runCli(['check', '-', '--config', config(columns), '--json'], { stdin: 'mail\na@example.com\n' });
      const renamed = await check(['*', { from: 'mail', to: 'em' }]);
      expect(renamed.stderr).not.toContain('no_standard_column');
      const constant = await check(['*', { value: 'PAGE_VIEW', to: 'event_name' }]);
      expect(constant.stderr).toContain('error[no_standard_column]');
      expect(constant.code).toBe(65);
    });
  });

  it.concurrent('gets the delimiter as remedy where that is what is wrong', async () => {
    const { code, stderr } = await inTemporaryFolder((folder) =>
      runCli(['check', '-', '--config', writeConfig(folder)], {
        stdin: `${HEADER.replaceAll(',', ';')}\n`,
        env: { TOKEN: 't' },
      }),
    );
    expect(code).toBe(65);
    expect(stderr).toContain('error[no_standard_column]');
    expect(stderr).toContain("--delimiter ';'");
    expect(stderr).not.toContain('event_name');
  });
});
