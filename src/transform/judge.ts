import { FIELDS, IDENTIFIER_FIELDS, NAMES, isRequired } from '../catalogue/index.js';
import type { FieldSpec } from '../catalogue/types.js';
import { ISSUES, problem, type Issue } from '../issues.js';
import type { Plan } from '../plan/types.js';
import { note, type Draft, type Finding, type RowContext } from './draft.js';

const MISSING = problem('missing_required');
const MISMATCH = problem('platform_mismatch');
const WEAK = problem('weak_identifier');
const NO_IDENTIFIER = problem('missing_identifier');

/** Judges a whole row for one plan: required fields, identifiers, and what becomes of invalid values. */
export type RowJudge = (draft: Draft, context: RowContext) => readonly Issue[];

/** Compiles the checks that look at more than one field. The judge returns why the row is invalid (empty: it is valid). */
export function createJudge(plan: Plan, type: RowContext['options']['eventSourceType']): RowJudge {
  const fields = FIELDS.filter((field) => field.places[type] !== undefined);
  const slotOf = new Map(fields.map((field) => [field, findSlot(plan, field)]));
  const identifiers = IDENTIFIER_FIELDS;
  const mayBeRequired = fields.filter(
    (field) => field.required.length > 0 && field.extinfoPosition === undefined,
  );
  const has = (draft: Draft, field: FieldSpec): boolean =>
    draft.values[slotOf.get(field) ?? -1] !== undefined;

  return function judgeRow(draft, context) {
    const name = draft.values[plan.eventName];
    const eventName = typeof name === 'string' ? name : '';
    const required = (field: FieldSpec): boolean => isRequired(field, type, eventName);
    for (const field of mayBeRequired) {
      const noted = context.findings.some((finding) => finding.field === field);
      if (!noted && required(field) && !has(draft, field)) noteMissing(field, plan, slotOf, context);
    }
    const anonymous = !identifiers.some((field) => has(draft, field));
    // An identifier that is there but invalid is the cause; that there is no other follows from it.
    const cause = context.findings.some((finding) => finding.field?.identifier === true);
    if (anonymous && !cause) context.findings.push({ issue: NO_IDENTIFIER });
    else if (!anonymous && isWeak(draft, has)) context.warnings.push(WEAK);
    if (type === 'MOBILE_APP') notePlatform(draft, slotOf, context);
    return settle(context, (finding) => {
      const { field } = finding;
      return field === undefined || required(field) || (anonymous && field.identifier);
    });
  };
}

/** Index of a field's slot in the plan; -1 when the input has no such column. */
export function findSlot(plan: Plan, field: FieldSpec): number {
  return plan.slots.findIndex((slot) => 'field' in slot && slot.field === field);
}

function noteMissing(
  field: FieldSpec,
  plan: Plan,
  slotOf: ReadonlyMap<FieldSpec, number>,
  context: RowContext,
): void {
  const slot = plan.slots[slotOf.get(field) ?? -1];
  const column = slot?.kind === 'single' ? slot.source.column : field.name;
  note(context, MISSING, column, slot?.path ?? field.key, field);
}

/** IP address and user agent count only together, and a click id alone does not count (seen from the API). */
function isWeak(draft: Draft, has: (draft: Draft, field: FieldSpec) => boolean): boolean {
  if (has(draft, NAMES.email) || has(draft, NAMES.phone) || has(draft, NAMES.mobileAdId)) return false;
  return !(has(draft, NAMES.clientIpAddress) && has(draft, NAMES.clientUserAgent));
}

/** The first element of extinfo decides the platform; an App Store number is digits only. */
function notePlatform(draft: Draft, slotOf: ReadonlyMap<FieldSpec, number>, context: RowContext): void {
  const appId = draft.values[slotOf.get(NAMES.appId) ?? -1];
  const extinfo = draft.values[slotOf.get(NAMES.extinfo) ?? -1] as readonly string[] | undefined;
  const os = extinfo?.[0];
  if (typeof appId !== 'string' || os === undefined || os === '') return;
  const platform = /^\d+$/.test(appId) ? 'i2' : 'a2';
  if (os !== platform) note(context, MISMATCH, NAMES.appId.name, `app_data.${NAMES.appId.key}`, NAMES.appId);
}

/** Under `drop_field` an invalid optional value becomes a warning; everything else makes the row invalid. */
function settle(context: RowContext, costsTheRow: (finding: Finding) => boolean): readonly Issue[] {
  const issues: Issue[] = [];
  for (const finding of context.findings) {
    const { issue } = finding;
    const keepsRow =
      context.options.onInvalidField === 'drop_field' &&
      ISSUES[issue.code].effect === 'reject' &&
      !costsTheRow(finding);
    if (keepsRow) context.warnings.push({ ...issue, code: 'field_dropped', args: { code: issue.code } });
    else issues.push(issue);
  }
  return issues;
}
