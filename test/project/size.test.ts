import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../support/cli.js';
import { sourceFiles } from '../support/imports.js';

const MAX_LINES = 300;
const PIPELINE_LINES = 150;

function linesOf(file: string): number {
  return readFileSync(join(ROOT, 'src', file), 'utf8').split('\n').length - 1;
}

it('no source file but a table is longer than one concept needs', () => {
  const long = sourceFiles()
    .filter((file) => !/(?:^|\/)tables\//.test(file))
    .map((file) => [file, linesOf(file)] as const)
    .filter(([, lines]) => lines > MAX_LINES);
  expect(long).toEqual([]);
});

it('the pipeline stays a short story', () => {
  expect(linesOf('pipeline.ts')).toBeLessThanOrEqual(PIPELINE_LINES);
});
