import { describe, expect, it } from 'vitest';
import { createPersonalCounter } from '../../src/personal/count.js';
import { buildPlan } from '../../src/plan/index.js';
import type { OutputMapping } from '../../src/transform/types.js';
import type { Cell } from '../../src/types.js';
import { WEB } from '../transform/support.js';

const ALL: OutputMapping = { all: true, list: [] };
const HASH = 'ab'.repeat(32);

/** Names of the columns that count as personal in these rows. */
function found(
  rows: readonly Readonly<Record<string, Cell>>[],
  mapping: OutputMapping = ALL,
): readonly string[] {
  const counter = createPersonalCounter(['nil']);
  for (const row of rows) {
    const { plan } = buildPlan(Object.keys(row), { ...WEB, mapping });
    counter.add(plan, Object.values(row));
  }
  return counter.found().map(({ name }) => name);
}

const column = (name: string, ...values: readonly Cell[]) => values.map((value) => ({ [name]: value }));

describe('the rule of values', () => {
  it.each<[string, readonly Cell[], boolean]>([
    ['three of three', ['a@b.co', 'c@d.co', '+14155550101'], true],
    ['two of two', ['a@b.co', 'c@d.co'], false],
    ['three of six', ['a@b.co', 'c@d.co', 'e@f.co', 'x', 'y', 'z'], true],
    ['three of seven', ['a@b.co', 'c@d.co', 'e@f.co', 'x', 'y', 'z', 'w'], false],
    ['three and NULLs', ['a@b.co', 'c@d.co', 'e@f.co', '', null, '\\N', 'nil', 'NULL', 'None'], true],
    ['the elements of lists', [['a@b.co', 'c@d.co'], '["e@f.co"]'], true],
    ['hashes', [HASH, HASH, HASH], false],
  ])('%s', (_, values, isPersonal) => {
    expect(found(column('info', ...values))).toEqual(isPersonal ? ['info'] : []);
  });

  it('counts the columns of one array together', () => {
    const row = { c_1: 'a@b.co', c_2: 'c@d.co', c_3: 'e@f.co' };
    expect(found([row])).toEqual(['c']);
  });

  it('looks into objects, also in JSON text', () => {
    const mails = ['a@b.co', 'c@d.co', 'e@f.co'];
    expect(found(mails.map((mail) => ({ who: { contacts: [{ address: mail }] } })))).toEqual([
      'who.contacts.address',
    ]);
    expect(found(mails.map((mail) => ({ who: JSON.stringify({ address: mail }) })))).toEqual(['who.address']);
  });

  it('finds addresses that are keys, and never names them', () => {
    const rows = ['a@b.co', 'c@d.co', 'e@f.co'].map((mail) => ({ by: { [mail]: 7 } }));
    expect(found(rows)).toEqual(['by']);
  });
});

describe('the rule of names', () => {
  it.each<[string, readonly Cell[], boolean]>([
    ['dob', ['1990-01-01'], true],
    ['dob', ['', null], true],
    ['email', [HASH, `\\x${HASH}`, ''], false],
    ['email', [HASH, 'a@b.co'], true],
    ['mobile', [true, false], false],
    ['mobile', ['1', 'no'], false],
    ['mobile', [HASH, 'yes'], false],
    ['mobile', ['iPhone'], true],
    ['email_campaign', ['spring'], false],
    ['phone_model', ['Pixel 8'], false],
    ['email_opt_in', ['true'], false],
    ['passport_1', ['X123'], true],
  ])('%s %j: %j', (name, values, isPersonal) => {
    expect(found(column(name, ...values))).toEqual(isPersonal ? [name] : []);
  });

  it('says nothing without rows', () => {
    expect(found([])).toEqual([]);
  });

  it('applies to members of objects', () => {
    expect(found([{ customer: { email: 'x', tier: 'gold' } }])).toEqual(['customer.email']);
  });

  it('applies before and after the output mapping', () => {
    const rows = [{ email: 'x', other: 'y' }];
    expect(found(rows, { all: true, list: [{ from: 'email', to: 'note' }] })).toEqual(['email']);
    expect(found(rows, { all: true, list: [{ from: 'other', to: 'ssn' }, { drop: 'email' }] })).toEqual([
      'other',
    ]);
  });

  it('leaves standard, dropped and constant columns alone', () => {
    const rows = [{ em: 'a@b.co', city: 'x', dob: '1990-01-01' }];
    expect(found(rows, { all: true, list: [{ drop: 'dob' }, { value: 'x', to: 'ssn' }] })).toEqual([]);
  });
});
