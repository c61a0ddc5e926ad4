import { describe, expect, it } from 'vitest';
import { buildPlan } from '../../src/plan/index.js';
import type { OutputMapping } from '../../src/transform/types.js';
import { AS_OF_MS, COMPLETE, transform, WEB } from '../transform/support.js';

const issuesOf = (
  names: readonly string[],
  mapping?: OutputMapping,
): { errors: unknown; warnings: unknown } => {
  const { errors, warnings } = buildPlan(names, { ...WEB, ...(mapping && { mapping }) });
  const short = (list: typeof errors): string[] =>
    list
      .filter((issue) => issue.code !== 'missing_column')
      .map((issue) => `${issue.code}@${issue.column ?? ''}`);
  return { errors: short(errors), warnings: short(warnings) };
};

describe('column names', () => {
  it('match in any case and with blanks around', () => {
    const result = transform({
      ' EVENT_NAME': 'SEARCH',
      'Event_Time ': COMPLETE['event_time'],
      Event_Source_URL: 'http://a.b/',
      EM_1: 'a@b.co',
      EVENT_ID: '1',
    });
    expect(result.outcome).toBe('ok');
  });

  it.each([
    [['em', 'EM'], ['duplicate_column@EM']],
    [['note', ' Note '], ['duplicate_column@Note']],
    [['em', 'em_1'], ['base_and_flattened@em']],
    [['content_ids', 'content_ids_2'], ['base_and_flattened@content_ids']],
    [['contents', 'content_id_1'], ['base_and_flattened@contents']],
    [['cont_id', 'CONT_ID_1', 'CONT_ID_2'], ['base_and_flattened@cont_id']],
    [['Cont_ID', 'cont_id_1', 'cont_id_2'], ['base_and_flattened@Cont_ID']],
    [['content_id_1', 'contents_id_1'], ['duplicate_column@contents_id_1']],
    [['cont_id', 'cont_id_1'], []],
    [['content_id', 'content_id_1'], []],
  ])('%j has errors %j', (names, errors) => {
    expect(issuesOf(names).errors).toEqual(errors);
  });

  it.each([
    [['action_source'], ['action_source_ignored@action_source']],
    [['em', ''], ['unnamed_column@']],
    [['emial'], ['suspicious_column@emial']],
    [
      ['em_01', 'PH1'],
      ['suspicious_column@em_01', 'suspicious_column@PH1'],
    ],
    [
      ['fn[0]', 'em_1_1', 'madid_1'],
      ['suspicious_column@fn[0]', 'suspicious_column@em_1_1', 'suspicious_column@madid_1'],
    ],
    [['value_1', 'value_2'], ['array_not_assembled@value_1']],
    [['cont_id_1', 'cont_id_2', 'cont_id_4'], ['index_gap@cont_id_1']],
    [['campaign', 'store_name'], []],
  ])('%j has warnings %j', (names, warnings) => {
    expect(issuesOf(names).warnings).toEqual(warnings);
  });

  it('ignore a column action_source: the config decides', () => {
    const result = transform({ ...COMPLETE, action_source: 'OFFLINE' });
    expect(result.outcome === 'ok' && JSON.parse(result.text)).toMatchObject({ action_source: 'WEB' });
  });

  it('warn of columns that every event needs', () => {
    const { warnings } = buildPlan(['em'], WEB);
    expect(warnings.map((issue) => issue.column)).toEqual(['event_name', 'event_time', 'event_source_url']);
  });
});

describe('columns of extinfo', () => {
  const app = (names: readonly string[]): { errors: unknown; missing: unknown } => {
    const { errors, warnings } = buildPlan(names, { ...WEB, eventSourceType: 'MOBILE_APP' });
    return {
      errors: errors.map((issue) => `${issue.code}@${issue.column ?? ''}`),
      missing: warnings.filter((issue) => issue.code === 'missing_column').map((issue) => issue.column),
    };
  };
  const rest = ['event_name', 'event_time', 'advertiser_tracking_enabled', 'app_id'];

  it('are not asked for beside the one cell', () => {
    expect(app([...rest, 'extinfo'])).toEqual({ errors: [], missing: [] });
    expect(app(rest).missing).toEqual(['extinfo']);
  });

  it('may not stand beside the one cell, nor beyond 16', () => {
    expect(app([...rest, 'extinfo', 'device_os']).errors).toEqual(['base_and_flattened@extinfo']);
    expect(app([...rest, 'extinfo_1', 'extinfo_16']).errors).toEqual([]);
    expect(app([...rest, 'extinfo_1', 'extinfo_17']).errors).toEqual(['invalid_extinfo@extinfo_17']);
    expect(app([...rest, 'extinfo_1', 'device_os']).errors).toEqual(['duplicate_column@extinfo_1']);
  });
});

describe('the output mapping', () => {
  const list = [
    { from: 'User_Email', to: 'em' },
    { value: 'spring', to: 'campaign' },
    { template: '{segment_name}-{timestamp}-{segment_id}-{audience_id}-{other}', to: 'note' },
  ];
  const variables = { segment_name: 'buyers', segment_id: '7', audience_id: '9' };
  const { em: _, ...rest } = COMPLETE;
  const read = (mapping: OutputMapping): unknown => {
    const result = transform(
      { ...rest, user_email: 'person@example.com', secret: 'x' },
      { mapping, variables },
    );
    return result.outcome === 'ok' ? JSON.parse(result.text) : result.issues;
  };

  it('renames, adds constants and templates beside all columns', () => {
    expect(read({ all: true, list })).toMatchObject({
      user_data: { em: ['542d240129883c019e106e3b1b2d3f3cb3537c43c425364de8e951d5a3083345'] },
      custom_data: {
        campaign: 'spring',
        note: `buyers-${new Date(AS_OF_MS).toISOString()}-7-9-{other}`,
        secret: 'x',
      },
    });
  });

  it('takes a renamed column out of its old name', () => {
    expect(read({ all: true, list })).not.toHaveProperty('custom_data.user_email');
  });

  it('drops a column, in any case of its name', () => {
    const event = read({ all: true, list: [...list, { drop: ' SECRET' }] });
    expect(event).toMatchObject({ custom_data: { campaign: 'spring' } });
    expect(event).not.toHaveProperty('custom_data.secret');
  });

  it('warns of a column to drop that the input lacks', () => {
    const { errors, warnings } = issuesOf(['a'], { all: true, list: [{ drop: 'b' }] });
    expect(errors).toEqual([]);
    expect(warnings).toContain('mapping_source_missing@b');
  });

  it('exports only what is listed without "*"', () => {
    const pass = ['event_name', 'event_time', 'event_source_url', 'event_id'].map((name) => ({
      from: name,
      to: name,
    }));
    const event = read({ all: false, list: [...list, ...pass] }) as { custom_data: object };
    expect(Object.keys(event.custom_data)).toEqual(['campaign', 'note']);
  });

  it('reports a source that does not exist and a name given twice', () => {
    expect(issuesOf(['a'], { all: true, list: [{ from: 'b', to: 'c' }] }).errors).toEqual([
      'mapping_source_missing@b',
    ]);
    expect(issuesOf(['a', 'em'], { all: true, list: [{ from: 'a', to: 'EM' }] }).errors).toEqual([
      'duplicate_column@em',
    ]);
  });
});
