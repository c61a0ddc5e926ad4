import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseLines, ROOT, runCli } from '../support/cli.js';
import { AS_OF } from '../support/exports.js';

/**
 * Every example of the source document as a pair of files: what comes in (`NAME.csv` or `NAME.jsonl` with
 * `NAME.config.json`) and what must go out (`NAME.expected.jsonl`). Adding a pair adds a test.
 */
const FOLDER = join(ROOT, 'fixtures', 'source');

type Finding = { readonly code: string; readonly column?: string };
type PreviewLine = {
  readonly row: number;
  readonly line: number;
  readonly outcome: string;
  readonly event?: unknown;
  readonly warnings?: readonly Finding[];
  readonly issues?: readonly Finding[];
};

const inputs = readdirSync(FOLDER).filter((name) => /(?<!\.expected)\.(csv|jsonl)$/.test(name));

describe('the examples of the source document', () => {
  it('are all complete', () => {
    const stems = (suffix: RegExp) =>
      readdirSync(FOLDER)
        .filter((name) => suffix.test(name))
        .map((name) => name.replace(suffix, ''));
    const named = inputs.map((name) => name.replace(/\.\w+$/, '')).sort();
    expect(stems(/\.config\.json$/).sort()).toEqual(named);
    expect(stems(/\.expected\.jsonl$/).sort()).toEqual(named);
    expect(named.length).toBeGreaterThan(40);
  });

  it.concurrent.each(inputs)('%s', async (input) => {
    const stem = input.replace(/\.\w+$/, '');
    const config = join(FOLDER, `${stem}.config.json`);
    const run = await runCli([
      'preview',
      join(FOLDER, input),
      '--config',
      config,
      '--as-of',
      AS_OF,
      '-n',
      'all',
    ]);
    expect(run.stderr).not.toContain('error[');
    const expected = parseLines(readFileSync(join(FOLDER, `${stem}.expected.jsonl`), 'utf8'));
    expect(parseLines(run.stdout).map(essence)).toEqual(expected.map(essence));
    expect(run.code).toBe(0);
  });
});

/** What is compared: everything but the sentences, in which order the findings of a row come, and their paths. */
function essence(value: unknown): unknown {
  const line = value as PreviewLine;
  const found = (line.outcome === 'ok' ? line.warnings : line.issues) ?? [];
  const findings = found
    .map(({ code, column }) => (column === undefined ? code : `${code} ${column}`))
    .sort();
  return { row: line.row, line: line.line, outcome: line.outcome, event: line.event, findings };
}
