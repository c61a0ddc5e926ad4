import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startSimulator } from '../../src/simulator/index.js';
import { inTemporaryFolder, parseLines, runCli } from '../support/cli.js';
import { AS_OF, BAD, type Reject } from '../support/exports.js';
import { shopRows, toCsv, toJsonl } from '../support/shop-rows.js';

const ROWS = shopRows(20_000, (row) => row % 5 === 0);
const REJECTED = ROWS.poison.length + ROWS.invalid.length + ROWS.expired.length;
const TEXTS = { csv: toCsv(ROWS), jsonl: toJsonl(ROWS) } as const;

const sorted = (ids: readonly unknown[]): readonly unknown[] => [...ids].sort();

/** The records of rejected rows: cells may hold line ends, so a record begins where its event name stands. */
function idsOfRows(text: string, format: keyof typeof TEXTS): readonly unknown[] {
  if (format === 'jsonl') return parseLines(text).map((row) => (row as { event_id: string }).event_id);
  const [, ...records] = text.split(/^(?=purchase,|event_name,)/m);
  const whole =
    /^purchase,[^,]+,https:\/\/[^,]+,(id-\d+),[^,]+,"Raphaël, ""Raf""",usd,[\d.]+,SKU\d+,2,(?:"two\nlines")?,[\w ]*\n$/;
  return records.map((record) => whole.exec(record)?.[1] ?? `not a row: ${record.slice(0, 200)}`);
}

it.each(['csv', 'jsonl', 'csv'] as const)(
  'rejects and rejected rows (%s) are whole when many requests are refused at once',
  async (format) => {
    await inTemporaryFolder(async (folder) => {
      const simulator = await startSimulator({ clock: () => Date.parse(AS_OF), onInvalid: 'partial' });
      try {
        const [rejects, rows] = [join(folder, 'rejects.jsonl'), join(folder, 'rows')];
        const args = [
          'export',
          '-',
          '--format',
          format,
          '--config',
          join(BAD, 'config.json'),
          '--as-of',
          AS_OF,
        ];
        const { code, stdout } = await runCli(
          [...args, '--json', '--rejects', rejects, '--rejected-rows', rows],
          { stdin: TEXTS[format], env: { SNAPCAPI_API_BASE_URL: simulator.url } },
        );
        expect(code).toBe(0);
        expect(JSON.parse(stdout)).toMatchObject({
          outcomes: { sent: ROWS.good.length, refused: ROWS.poison.length },
          outputs: { rejects: { rows: REJECTED }, rejectedRows: [{ rows: REJECTED }] },
        });
        const listed = parseLines(readFileSync(rejects, 'utf8')) as Reject[];
        expect(listed.filter(({ outcome }) => outcome === 'refused')).toHaveLength(ROWS.poison.length);
        expect(new Set(listed.map(({ row }) => row)).size).toBe(REJECTED);
        expect(sorted(idsOfRows(readFileSync(rows, 'utf8'), format))).toEqual(
          sorted([...ROWS.poison, ...ROWS.invalid, ...ROWS.expired]),
        );
      } finally {
        await simulator.close();
      }
    });
  },
);
