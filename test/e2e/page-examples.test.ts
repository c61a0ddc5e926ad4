import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readText } from '../support/project.js';
import { startCli } from '../support/process.js';
import { inTemporaryFolder, runCli } from '../support/cli.js';
import { filesIn, sessionsIn, setDesk, type Session } from '../support/markdown.js';

const readme = readText('README.md');
const mapping = readText('docs/mapping.md');

/** Durations differ from run to run. */
function withoutTimes(text: string): string {
  return text.replace(/ in [\d.]+ m?s$/m, ' in TIME');
}

function sessionWith(markdown: string, word: string): Session {
  const found = sessionsIn(markdown).find(({ commands }) => commands.some((one) => one.includes(word)));
  if (found === undefined) throw new Error(`no block shows ${word}`);
  return found;
}

describe.skipIf(process.platform === 'win32')('the example of the README', () => {
  it('works on any day, as it is written', async () => {
    await inTemporaryFolder(async (folder) => {
      const desk = setDesk(folder, filesIn(readme));
      const preview = sessionWith(readme, 'snapcapi preview');
      expect(await desk.type(preview.commands)).toBe(preview.output);

      const simulator = sessionWith(readme, 'snapcapi simulator');
      const [, port = ''] = /--port (\d+)/.exec(simulator.commands.join()) ?? [];
      expect(simulator.output).toBe(`http://127.0.0.1:${port}\n`);
      // The port of the page may be in use, so a free one stands in for it.
      const args = (simulator.commands[0] ?? '').replace(port, '0').split(' ').slice(1);
      const running = startCli(args, { env: {}, stdinEnds: false });
      try {
        const free = await running.firstLine;
        const send = sessionWith(readme, 'snapcapi export');
        const commands = send.commands.map((one) => one.replace(`http://127.0.0.1:${port}`, free));
        expect(withoutTimes(await desk.type(commands))).toBe(withoutTimes(send.output));
      } finally {
        running.kill('SIGTERM');
        await running.ended;
      }
    });
  });

  it('maps columns as docs/mapping.md does', () => {
    const [, block = '{}'] = /### Your own column names[^]*?```json\n([^]*?)```/.exec(readme) ?? [];
    const short = JSON.parse(block) as object;
    expect(Object.keys(short).length).toBeGreaterThan(1);
    expect(JSON.parse(filesIn(mapping).get('orders.json') ?? '')).toMatchObject(short);
  });
});

describe.skipIf(process.platform === 'win32')('the example of docs/mapping.md', () => {
  it('gives the event that is shown', async () => {
    await inTemporaryFolder(async (folder) => {
      const desk = setDesk(folder, filesIn(mapping));
      const { commands, output } = sessionWith(mapping, 'snapcapi preview');
      expect(await desk.type(commands)).toBe(output);
    });
  });

  it('is ready to be sent', async () => {
    await inTemporaryFolder(async (folder) => {
      setDesk(folder, filesIn(mapping));
      const flags = ['--dry-run', '--as-of', '2026-11-20T12:00:00Z', '--json'];
      const args = ['export', join(folder, 'orders.csv'), '--config', join(folder, 'orders.json'), ...flags];
      const { code, stdout } = await runCli(args);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ rowsRead: 1, outcomes: { not_attempted: 1 }, warnings: [] });
    });
  });
});
