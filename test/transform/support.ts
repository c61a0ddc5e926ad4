import { buildPlan } from '../../src/plan/index.js';
import { compileTransform, type RowResult, type TransformOptions } from '../../src/transform/index.js';
import type { Cell } from '../../src/types.js';

/** The run's "now" in all transform tests: 2026-11-20T12:00:00Z. */
export const AS_OF_MS = 1_795_176_000_000;
/** A minute before it, as seconds in text. */
export const RECENT = '1795175940';

export const WEB: TransformOptions = {
  eventSourceType: 'WEB',
  eventSourceId: '11111111-2222-3333-4444-555555555555',
  asOfMs: AS_OF_MS,
  maxEventAgeDays: 7,
  maxFutureMinutes: 60,
  eventId: 'derive',
  eventTimeUnit: 'auto',
  onInvalidField: 'reject_row',
  assembleCustomArrays: true,
  customDatetime: 'seconds',
  customDatetimeColumns: [],
  timeZone: undefined,
  phoneCountry: undefined,
  contentsKeys: {},
  integration: undefined,
  testEventCode: undefined,
  defaultCountry: undefined,
  mapping: { all: true, list: [] },
  variables: {},
  nullTexts: [],
  maxEventBytes: 1_000_000,
};

/** Cells that make a complete web event. */
export const COMPLETE: Readonly<Record<string, Cell>> = {
  event_name: 'PAGE_VIEW',
  event_time: RECENT,
  event_source_url: 'https://example.com/',
  em: 'person@example.com',
  event_id: 'e-1',
};

export function transform(
  cells: Readonly<Record<string, Cell>>,
  options: Partial<TransformOptions> = {},
): RowResult & { readonly headerErrors: readonly string[]; readonly headerWarnings: readonly string[] } {
  const all = { ...WEB, ...options };
  const { plan, errors, warnings } = buildPlan(Object.keys(cells), all);
  return {
    ...compileTransform(plan, all)(Object.values(cells)),
    headerErrors: errors.map((issue) => issue.code),
    headerWarnings: warnings.map((issue) => issue.code),
  };
}

/** The event of cells added to a complete web event. Throws with the codes when the row is not valid. */
export function eventOf(
  cells: Readonly<Record<string, Cell>>,
  options: Partial<TransformOptions> = {},
): Record<string, unknown> {
  const result = transform({ ...COMPLETE, ...cells }, options);
  if (result.outcome !== 'ok')
    throw new Error(result.issues.map((issue) => `${issue.code} ${issue.column ?? ''}`).join());
  return JSON.parse(result.text) as Record<string, unknown>;
}

/** Codes (with column) of the issues of cells added to a complete web event. */
export function codesOf(
  cells: Readonly<Record<string, Cell>>,
  options: Partial<TransformOptions> = {},
): readonly string[] {
  const result = transform({ ...COMPLETE, ...cells }, options);
  const issues = result.outcome === 'ok' ? result.warnings : result.issues;
  return [
    result.outcome,
    ...issues.map((issue) => `${issue.code}${issue.column === undefined ? '' : `@${issue.column}`}`),
  ];
}
