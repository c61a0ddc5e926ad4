import { describe, expect, it } from 'vitest';
import type { Issue } from '../../src/issues.js';
import { createLedger } from '../../src/ledger.js';
import { openedInput } from '../report/support.js';

const NONE = new Uint32Array(0);

/** Counts of warnings after these were observed, as `CODE COLUMN COUNT MESSAGE`. */
function counted(issues: readonly Issue[]) {
  const input = openedInput(0, 'rows.csv', 'em');
  const ledger = createLedger({
    ...{ observer: () => undefined, sink: undefined, inputs: [input], keepRaw: false, asOfMs: 0 },
  });
  const bytes = new Uint8Array(0);
  const chunk = {
    seq: 0,
    input: 0,
    bytes,
    starts: NONE,
    ends: NONE,
    lines: NONE,
    firstRow: 1,
    oversized: [],
  };
  ledger.observe(
    { input, chunk },
    {
      ...{ seq: 0, rows: issues.length, rejections: [], inputWarnings: [] },
      events: { bytes, ends: NONE, records: NONE },
      facts: { identifiers: bytes, timesMs: new Float64Array(0) },
      warnings: issues.map((issue, record) => ({ record, issue })),
    },
  );
  return ledger.warnings();
}

describe('the counts of warnings', () => {
  const unknown = (key: string): Issue => ({
    code: 'unknown_contents_key',
    column: 'contents',
    args: { key, hint: '' },
  });

  it('are kept apart by the key they name', () => {
    const counts = counted([unknown('sku'), unknown('qty'), unknown('sku')]);
    expect(counts.map(({ count, message }) => [count, /key (\w+)/.exec(message)?.[1]])).toEqual([
      [2, 'sku'],
      [1, 'qty'],
    ]);
  });

  it('are kept together whatever else a warning says', () => {
    const issues = [1, 2].map((position): Issue => ({ code: 'weak_identifier', args: { position } }));
    expect(counted(issues)).toMatchObject([{ code: 'weak_identifier', count: 2 }]);
  });

  it('are bounded', () => {
    expect(counted(Array.from({ length: 3000 }, (_, i) => unknown(`k${i}`)))).toHaveLength(1000);
  });
});
