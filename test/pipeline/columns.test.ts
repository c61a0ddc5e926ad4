import { describe, expect, it } from 'vitest';
import { describeColumns } from '../../src/columns.js';
import { parseConfig } from '../../src/config.js';
import { bytesInput, DEFAULT_READ_OPTIONS, openInput } from '../../src/read/index.js';

const CONFIG = {
  type: 'snapchat_conversion',
  auth_method: 'api_token',
  event_source_id: 'x',
  event_source_type: 'web',
};

async function describeText(name: string, text: string, more: object = {}): Promise<readonly string[]> {
  const config = parseConfig(JSON.stringify({ ...CONFIG, ...more }), { name: 'c.json', env: {} });
  const input = await openInput(bytesInput(name, text), 0, DEFAULT_READ_OPTIONS);
  const columns = await describeColumns(input, config);
  return columns.map(({ position, column, meaning, path, suggestion, issues }) =>
    [position, column, meaning, path ?? '', suggestion ?? '', ...issues.map((issue) => issue.code)]
      .join(' ')
      .trimEnd(),
  );
}

const REQUIRED = 'event_name,event_time,event_source_url';
const STANDARD = [
  '1 event_name standard event_name',
  '2 event_time standard event_time',
  '3 event_source_url standard event_source_url',
];

describe('the description of columns', () => {
  it('tells every meaning', async () => {
    expect(
      await describeText('a.csv', `${REQUIRED},em_1,content_id_1,note,c_1,c_2,emial,,action_source\n`),
    ).toEqual([
      ...STANDARD,
      '4 em_1 array_element user_data.em[]',
      '5 content_id_1 contents custom_data.contents[].id',
      '6 note custom custom_data.note',
      '7 c_1 custom_array custom_data.c[]',
      '8 c_2 custom_array custom_data.c[]',
      '9 emial custom custom_data.emial em suspicious_column',
      '10  ignored   unnamed_column',
      '11 action_source ignored   action_source_ignored',
    ]);
  });

  it('shows what is wrong with a header at its column', async () => {
    expect(await describeText('a.csv', `${REQUIRED},em,EM,em_1\n`)).toEqual([
      ...STANDARD,
      expect.stringMatching(/^4 em standard user_data\.em .*base_and_flattened/),
      expect.stringMatching(/^5 EM .*duplicate_column/),
      '6 em_1 array_element user_data.em[]',
    ]);
  });

  it('names columns that are missing', async () => {
    const mapping = { columns: ['*', { from: 'mail', to: 'em' }] };
    expect(await describeText('a.csv', 'event_name,event_time\n', mapping)).toEqual([
      '0 mail absent   mapping_source_missing',
      '0 event_source_url absent   missing_column',
      ...STANDARD.slice(0, 2),
    ]);
  });

  it('names no column of a header without a standard one, but suggests fields', async () => {
    expect(await describeText('a.csv', 'mail,ann@example.com,ann@example.com\n')).toEqual([
      '1  custom  em',
      '2  custom',
      '3  custom',
    ]);
  });

  it('shows personal data at its columns', async () => {
    const text = `${REQUIRED},dob,phone_1,phone_2\nx,x,x,1990-01-01,+14155550101,\n`;
    expect(await describeText('a.csv', text)).toEqual([
      ...STANDARD,
      '4 dob custom custom_data.dob  personal_data',
      expect.stringMatching(/^5 phone_1 custom_array .*personal_data$/),
      '6 phone_2 custom_array custom_data.phone[] ph personal_data',
    ]);
    const allowed = await describeText('a.csv', text, { personal_data: { allow: ['dob', 'phone'] } });
    expect(allowed.join('\n')).not.toContain('personal_data');
  });

  it('takes the keys of the first rows of JSONL', async () => {
    expect(
      await describeText(
        'a.jsonl',
        '{"event_name":1,"event_time":2}\n{"EVENT_NAME":1,"event_source_url":3}\n',
      ),
    ).toEqual(STANDARD);
  });
});
