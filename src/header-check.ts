import { RunError } from './errors.js';
import { quoteName } from './printable.js';
import { buildPlan } from './plan/index.js';
import type { OpenedInput } from './read/index.js';
import { planHeader } from './run/index.js';
import type { TransformOptions } from './transform/types.js';

const MOST_NAMED = 3;

/** Checks the header of a CSV input. Throws RunError `no_standard_column` or `header_invalid`. */
export function checkHeader(input: OpenedInput, options: TransformOptions): void {
  const unknown = unknownHeader(input, options);
  if (unknown !== undefined) throw unknown;
  if (input.header !== undefined)
    planHeader(input.header, options, { file: input.name, line: input.headerLine ?? 1 });
}

/**
 * RunError `no_standard_column` when no column of a CSV header is a standard one after the output mapping. Such a first
 * line may be a row of data, so nothing of it is named. A column that the mapping adds says nothing about the header.
 */
export function unknownHeader(input: OpenedInput, options: TransformOptions): RunError | undefined {
  const { name: file, header = [] } = input;
  if (header.length === 0) return undefined;
  const { roles, errors } = buildPlan(header, options);
  const known = roles.some(
    ({ index, meaning }) => index >= 0 && meaning !== 'custom' && meaning !== 'custom_array',
  );
  if (known) return undefined;
  const count = header.length === 1 ? 'its only column is not' : `none of its ${header.length} columns is`;
  // Names of the config are no data.
  const absent = errors.filter(({ code }) => code === 'mapping_source_missing').slice(0, MOST_NAMED);
  const named = absent.map(({ column = '' }) => quoteName(column)).join(', ');
  const mapping =
    absent.length === 0 ? '' : `; "columns" of the config names ${named}, which it does not have`;
  const hint = input.warnings.find(({ code }) => code === 'semicolon_header')?.args;
  return new RunError(
    'no_standard_column',
    `${file} has no header, or ${count} a standard column${mapping}`,
    hint === undefined
      ? { place: { file } }
      : {
          place: { file },
          fix: `The first line contains a ${hint['delimiter']}: try --delimiter ${hint['flag']}.`,
        },
  );
}
