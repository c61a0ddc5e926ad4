import { describe, expect, it } from 'vitest';
import { personalDataError, findPersonalData, type PersonalFinding } from '../../src/personal/index.js';
import { buildPlan } from '../../src/plan/index.js';
import type { OutputMapping } from '../../src/transform/types.js';
import { WEB } from '../transform/support.js';

const ALL: OutputMapping = { all: true, list: [] };

function finding(file: string, header: string, mapping: OutputMapping): PersonalFinding {
  const names = header.split(',');
  return findPersonalData([{ names, cells: names.map(() => 'x') }], {
    ...{ file, header: names, rule: 'stop', nullTexts: [] },
    planOf: (columns) => buildPlan(columns, { ...WEB, mapping }).plan,
  });
}

/** The fix for files with these headers. */
function fixFor(headers: readonly string[], mapping = ALL, rule: 'stop' | { allow: string[] } = 'stop') {
  const findings = headers.map((header, i) => finding(`${i}.csv`, header, mapping));
  return personalDataError(findings, { mapping, rule })?.fix ?? '';
}

describe('the remedies for personal data', () => {
  it('number several columns of one field', () => {
    expect(fixFor(['customer_email,billing_email'])).toContain(
      '"columns": ["*", {"from": "customer_email", "to": "em_1"}, {"from": "billing_email", "to": "em_2"}]',
    );
    expect(fixFor(['email_1,email_2,first_name'])).toContain(
      '["*", {"from": "email_1", "to": "em_1"}, {"from": "email_2", "to": "em_2"}, {"from": "first_name", "to": "fn"}]',
    );
  });

  it('map nothing to a field that is filled', () => {
    const fix = fixFor(['em,customer_email']);
    expect(fix).not.toContain('"from"');
    expect(fix).toContain('"columns": ["*", {"drop": "customer_email"}]');
  });

  it('map nothing that another file lacks', () => {
    expect(fixFor(['em_x,phone', 'em_x'])).not.toContain('"from"');
    expect(fixFor(['x,phone', 'Phone'])).toContain('{"from": "phone", "to": "ph"}');
  });

  it('keep what the config says already', () => {
    const mapping: OutputMapping = { all: true, list: [{ from: 'a', to: 'fn' }] };
    const fix = fixFor(['a,dob'], mapping, { allow: ['email'] });
    expect(fix).toContain('put {"drop": "dob"} into "columns"');
    expect(fix).toContain('"personal_data": {"allow": ["email", "dob"]}');
  });

  it('leave out the whole column of a nested value', () => {
    const rows = [{ names: ['customer'], cells: [{ email: 'x' }] }];
    const found = findPersonalData(rows, {
      ...{ file: 'a.jsonl', header: undefined, rule: 'stop', nullTexts: [] },
      planOf: (names) => buildPlan(names, { ...WEB, mapping: ALL }).plan,
    });
    const fix = personalDataError([found], { mapping: ALL, rule: 'stop' })?.fix;
    expect(fix).toContain('{"drop": "customer"}');
    expect(fix).toContain('{"allow": ["customer.email"]}');
    expect(fix).not.toContain('"from"');
  });
});

it('names at most ten columns, with the file where it is not the first', () => {
  const names = Array.from({ length: 12 }, (_, i) => `email_0${i}`).join(',');
  const error = personalDataError([finding('0.csv', names, ALL), finding('1.csv', 'ssn', ALL)], {
    mapping: ALL,
    rule: 'stop',
  });
  expect(error?.message).toContain('and 3 more');
  const two = personalDataError([finding('0.csv', 'dob', ALL), finding('1.csv', 'ssn', ALL)], {
    mapping: ALL,
    rule: 'stop',
  });
  expect(two?.message).toContain('"ssn" (1.csv)');
  expect(two?.place).toEqual({ file: '0.csv', column: 'dob' });
  expect(personalDataError([finding('0.csv', 'note', ALL)], { mapping: ALL, rule: 'stop' })).toBeUndefined();
});
