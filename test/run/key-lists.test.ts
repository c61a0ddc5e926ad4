import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Issue } from '../../src/issues.js';
import { buildPlan } from '../../src/plan/index.js';
import { createKeyedTransform } from '../../src/run/key-lists.js';
import { findDamage, findDamagedNames } from '../../src/transform/damage.js';
import { compileTransform, type RowResult, type TransformOptions } from '../../src/transform/index.js';
import type { Cell } from '../../src/types.js';
import { RECENT, WEB } from '../transform/support.js';

type JsonRow = Readonly<Record<string, Cell>>;

const isSourceMissing = ({ code }: Issue): boolean => code === 'mapping_source_missing';

/** What a plan of its own makes of a row. */
function byOwnPlan(row: JsonRow, options: TransformOptions): RowResult {
  const keys = Object.keys(row);
  const cells = Object.values(row);
  const { plan, errors } = buildPlan(keys, options);
  const wrong = [...findDamagedNames(keys), ...errors.filter((issue) => !isSourceMissing(issue))];
  if (wrong.length > 0) return { outcome: 'invalid', issues: wrong };
  const damage = findDamage(cells, keys);
  if (damage.length > 0) return { outcome: 'invalid', issues: damage };
  return compileTransform(plan, options)(cells);
}

/** In which order the issues of a row come is no promise. */
function inOrder(result: RowResult): RowResult {
  const byColumn = (a: Issue, b: Issue): number =>
    `${a.column ?? ''} ${a.code}` < `${b.column ?? ''} ${b.code}` ? -1 : 1;
  return result.outcome === 'ok'
    ? { ...result, warnings: result.warnings.toSorted(byColumn) }
    : { ...result, issues: result.issues.toSorted(byColumn) };
}

function warningsByOwnPlan(rows: readonly JsonRow[], options: TransformOptions): ReadonlySet<string> {
  return idsOf(
    rows.flatMap((row, i) => {
      const { warnings, errors } = buildPlan(Object.keys(row), options);
      const first = i === 0 ? errors.filter(isSourceMissing) : [];
      return [...warnings.filter(({ code }) => code !== 'missing_column'), ...first];
    }),
  );
}

const idsOf = (issues: readonly Issue[]): ReadonlySet<string> =>
  new Set(issues.map(({ code, column }) => `${code} ${column ?? ''}`));

const cell = fc.constantFrom<Cell>(
  'x',
  'a@example.com',
  7,
  null,
  '',
  '\0',
  ['p', 'q'],
  '2026-11-19T12:00:00Z',
  'FR',
);

const OPTIONAL: readonly string[] = [
  ...[
    'em',
    'EM',
    ' ph',
    'ph',
    'country',
    'zp',
    'value',
    'Value',
    'currency',
    'event_id',
    'em_1',
    'em_2',
    'em_3',
  ],
  ...['content_ids', 'content_ids_1', 'contents', 'content_id_1', 'content_id_2', 'content_quantity_1'],
  ...[
    'tags',
    'tags_1',
    'tags_2',
    'tags_3',
    'note',
    'coupon',
    'emial',
    '',
    '__proto__x',
    'extinfo',
    'device_os',
  ],
  ...['user_email', 'second', 'third', 'action_source', 'data_processing_options', 'anon_id', 'b\0d'],
];

/** Rows over a few keys, each of which is present in some of them: most key lists go together, some do not. */
const rowsOfFewKeys = fc
  .subarray([...OPTIONAL], { minLength: 1, maxLength: 7 })
  .chain((pool) =>
    fc.array(
      fc.tuple(
        fc.constantFrom('PAGE_VIEW', 'PAGE_VIEW', 'PURCHASE', 'CANARY', null),
        fc.subarray(pool),
        fc.array(cell, { minLength: 7, maxLength: 7 }),
        fc.boolean(),
      ),
      { minLength: 1, maxLength: 40 },
    ),
  )
  .map((rows) =>
    rows.map(([name, keys, cells, isFront]): JsonRow => {
      const head = {
        event_name: name,
        event_time: RECENT,
        event_source_url: 'https://example.com/',
        madid: 'ab-1',
      };
      const rest = Object.fromEntries(keys.map((key, i) => [key, cells[i]]));
      return isFront ? { ...head, ...rest } : { ...rest, ...head };
    }),
  );

const mapping: TransformOptions['mapping'] = {
  all: true,
  list: [
    { from: 'user_email', to: 'em' },
    { from: 'Second', to: 'em_2' },
    { from: 'third', to: 'tags_2' },
    { value: 'constant', to: 'made' },
  ],
};

const optionSets: readonly (readonly [string, TransformOptions])[] = [
  ['web', WEB],
  ['a mapping', { ...WEB, mapping }],
  ['fields that are dropped', { ...WEB, onInvalidField: 'drop_field' }],
  ['a mobile app', { ...WEB, eventSourceType: 'MOBILE_APP', onInvalidField: 'drop_field' }],
];

describe('rows with many key lists', () => {
  it.each(optionSets)('come out as by a plan for each of them: %s', (_, options) => {
    fc.assert(
      fc.property(rowsOfFewKeys, (rows) => {
        const noticed: Issue[] = [];
        const transform = createKeyedTransform(options, (warnings) => noticed.push(...warnings));
        for (const [i, one] of rows.entries()) {
          const record = { keys: Object.keys(one), cells: Object.values(one), suspicious: true };
          expect(inOrder(transform(record, i === 0))).toEqual(inOrder(byOwnPlan(one, options)));
        }
        expect(idsOf(noticed)).toEqual(warningsByOwnPlan(rows, options));
      }),
      { numRuns: 100 },
    );
  });

  it('come out the same where the mapping makes numbered names', () => {
    const options = { ...WEB, mapping };
    const names = ['note', 'coupon', 'tags_1', 'third', 'Second', 'user_email'];
    const transform = createKeyedTransform(options, () => undefined);
    for (let round = 0; round < 128; round += 1) {
      const present = names.filter((_, bit) => ((round >> bit) & 1) === 1);
      const one: JsonRow = {
        ...{
          event_name: 'PAGE_VIEW',
          event_time: RECENT,
          event_source_url: 'https://example.com/',
          madid: 'ab-1',
        },
        ...Object.fromEntries(present.map((name) => [name, name === 'user_email' ? 'a@example.com' : 'x'])),
      };
      const record = { keys: Object.keys(one), cells: Object.values(one), suspicious: false };
      expect(transform(record, false)).toEqual(byOwnPlan(one, options));
    }
  });

  it('share a plan when they differ in custom keys', () => {
    const names = Array.from({ length: 12 }, (_, i) => `key${String.fromCharCode(97 + i)}`);
    const built: string[] = [];
    const counting = new Proxy(WEB, {
      get(options, name, receiver) {
        // Every plan asks this once.
        if (name === 'assembleCustomArrays') built.push('plan');
        return Reflect.get(options, name, receiver) as unknown;
      },
    });
    const transform = createKeyedTransform(counting, () => undefined);
    for (let list = 0; list < 4096; list += 1) {
      const present = names.filter((_, bit) => ((list >> bit) & 1) === 1);
      const keys = ['event_name', 'event_time', 'event_source_url', 'em', ...present];
      const cells = ['PAGE_VIEW', RECENT, 'https://example.com/', 'a@example.com', ...present];
      expect(transform({ keys, cells, suspicious: false }, false).outcome).toBe('ok');
    }
    expect(built.length).toBeLessThan(5);
  });
});
