import { expect, it } from 'vitest';

import { readOptions } from '../../src/cli/run-options.js';

it('gives the reader the flags of the input, and nothing for those left out', () => {
  expect(readOptions({})).toEqual({});
  const flags = { encoding: 'latin1', delimiter: ';', maxRecordBytes: 5, csvEngine: 'csv-parse' } as const;
  expect(readOptions({ ...flags, null: ['-'] })).toEqual(flags);
});
