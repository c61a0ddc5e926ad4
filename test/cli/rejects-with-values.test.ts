import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { inTemporaryFolder, parseLines, runCli } from '../support/cli.js';
import { NOW } from './support.js';

const CONFIG = { type: 'snapchat_conversion', event_source_id: 'p' };
const ROW = { event_name: 'PAGE_VIEW', event_time: '2026-11-19T12:00:00Z', Url: 'https://example.com/' };
const URL_ENTRY = { from: 'url', to: 'event_source_url' };

type Reject = { readonly issues: readonly { readonly code: string; readonly value?: string }[] };

/** The values that the rejects of one row show, by code, for CSV and for JSONL. */
function valuesOf(row: Readonly<Record<string, string>>, columns: readonly unknown[]) {
  const csv = `${Object.keys(row).join(',')}\n${Object.values(row).join(',')}\n`;
  return Promise.all(
    [csv, `${JSON.stringify(row)}\n`].map((text) =>
      inTemporaryFolder(async (folder) => {
        writeFileSync(join(folder, 'rows'), text);
        writeFileSync(join(folder, 'c.json'), JSON.stringify({ ...CONFIG, columns }));
        const flags = ['--as-of', NOW, '--rejects', 'r.jsonl', '--rejects-with-values'];
        const args = ['check', 'rows', '--config', 'c.json', ...flags];
        const { code } = await runCli(args, { cwd: folder });
        expect(code).toBe(65);
        const [reject] = parseLines(readFileSync(join(folder, 'r.jsonl'), 'utf8')) as readonly Reject[];
        return Object.fromEntries((reject?.issues ?? []).map((issue) => [issue.code, issue.value]));
      }),
    ),
  );
}

describe('--rejects-with-values', () => {
  it.each<[string, Readonly<Record<string, string>>, readonly unknown[]]>([
    ['a column as it is', { em: 'nobody' }, ['*', URL_ENTRY]],
    ['a column in another case', { EM: 'nobody' }, ['*', URL_ENTRY]],
    ['a renamed column', { user_email: 'nobody' }, ['*', URL_ENTRY, { from: 'user_email', to: 'em' }]],
    [
      'a renamed column that the mapping names in another case, with blanks',
      { ' User_Email ': 'nobody' },
      ['*', URL_ENTRY, { from: 'USER_EMAIL', to: 'em' }],
    ],
    ['a column of an array', { mails_1: 'nobody' }, ['*', URL_ENTRY, { from: 'Mails_1', to: 'em_1' }]],
  ])('finds the cell of %s', async (_, more, columns) => {
    const found = await valuesOf({ ...ROW, ...more }, columns);
    expect(found).toMatchObject([{ invalid_email: 'nobody' }, { invalid_email: 'nobody' }]);
  });

  it('shows no cell in place of a constant', async () => {
    const columns = [URL_ENTRY, 'event_name', 'event_time'].map((entry) =>
      typeof entry === 'string' ? { from: entry } : entry,
    );
    const found = await valuesOf({ ...ROW, em: 'a@example.com' }, [...columns, { value: 'x', to: 'em' }]);
    expect(found).toEqual([{ invalid_email: undefined }, { invalid_email: undefined }]);
  });
});
