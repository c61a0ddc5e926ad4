import { FIELDS, IDENTIFIER_FIELDS, NAMES, isRequired } from '../catalogue/index.js';
import type { FieldSpec } from '../catalogue/types.js';
import { ISSUES, problem, type Issue } from '../issues.js';
import { pathOf } from '../plan/index.js';
import type { Plan } from '../plan/types.js';
import { note, type Draft, type Finding, type RowContext } from './draft.js';

const NONE: readonly Issue[] = [];
const MISSING = problem('missing_required');
const MISMATCH = problem('platform_mismatch');
const WEAK = problem('weak_identifier');
const NO_IDENTIFIER = problem('missing_identifier');

const IDENTIFIER_PATHS: ReadonlySet<string> = new Set(IDENTIFIER_FIELDS.map(({ key }) => `user_data.${key}`));

/** Each of these is enough for the API to find somebody by; an address and a user agent only together. */
const STRONG = identifierBits(NAMES.email, NAMES.phone, NAMES.mobileAdId);
const ADDRESS_AND_AGENT = identifierBits(NAMES.clientIpAddress, NAMES.clientUserAgent);

/**
 * Judges a whole row for one plan: required fields, identifiers, and what becomes of invalid values. Gives why the row
 * is invalid (empty: it is valid).
 */
export type RowJudge = (draft: Draft, identifiers: number, context: RowContext) => readonly Issue[];

/** A field that events of some name must have, and where a message about it points. */
type Demand = {
  readonly field: FieldSpec;
  readonly index: number;
  readonly column: string;
  readonly path: string;
};

/** Compiles the checks that look at more than one field. */
export function createJudge(plan: Plan, type: RowContext['options']['eventSourceType']): RowJudge {
  const demandsOf = compileDemands(plan, type);
  const appId = findSlot(plan, NAMES.appId);
  const extinfo = findSlot(plan, NAMES.extinfo);

  return function judgeRow(draft, identifiers, context) {
    const name = draft.values[plan.eventName];
    const eventName = typeof name === 'string' ? name : '';
    const demands = demandsOf(eventName);
    for (let i = 0; i < demands.length; i += 1) {
      const demand = demands[i];
      if (demand !== undefined && draft.values[demand.index] === undefined) noteMissing(demand, context);
    }
    // An identifier that is there but invalid is the cause; that there is no other follows from it.
    if (identifiers === 0 && !hasFinding(context, (field) => field.identifier))
      context.findings.push({ issue: NO_IDENTIFIER }, ...leftOutIdentifiers(context));
    if (identifiers !== 0 && isWeak(identifiers)) context.warnings.push(WEAK);
    if (type === 'MOBILE_APP') notePlatform(draft.values[appId], draft.values[extinfo], context);
    return settle(context, ({ field }) => {
      if (field === undefined) return false;
      if (field.costsTheRow || (identifiers === 0 && field.identifier)) return true;
      return isRequired(field, type, eventName);
    });
  };
}

/** Index of a field's slot in the plan; -1 when the input has no such column. */
export function findSlot(plan: Plan, field: FieldSpec): number {
  return plan.slots.findIndex((slot) => 'field' in slot && slot.field === field);
}

/** What events of a name must have, worked out once for each name. */
function compileDemands(
  plan: Plan,
  type: RowContext['options']['eventSourceType'],
): (eventName: string) => readonly Demand[] {
  const known = new Map<string, readonly Demand[]>();
  return function demandsOf(eventName) {
    const demands = known.get(eventName);
    if (demands !== undefined) return demands;
    const made = FIELDS.filter(
      (field) =>
        field.places[type] !== undefined &&
        field.extinfoPosition === undefined &&
        isRequired(field, type, eventName),
    ).map((field) => demandFor(field, plan, type));
    known.set(eventName, made);
    return made;
  };
}

function demandFor(field: FieldSpec, plan: Plan, type: RowContext['options']['eventSourceType']): Demand {
  const index = findSlot(plan, field);
  const slot = plan.slots[index];
  const column = slot?.kind === 'single' ? slot.source.column : field.name;
  return { field, index, column, path: pathOf(field.places[type] ?? 'event', field.key) };
}

/** A field with a problem of its own is not missing. */
function noteMissing({ field, column, path }: Demand, context: RowContext): void {
  if (hasFinding(context, (other) => other === field)) return;
  note(context, MISSING, column, path, field);
}

function hasFinding(context: RowContext, isMeant: (field: FieldSpec) => boolean): boolean {
  return context.findings.some(({ field }) => field !== undefined && isMeant(field));
}

/** Why identifiers that the row has were left out: without it, the row would look as if it had none. */
function leftOutIdentifiers(context: RowContext): readonly Finding[] {
  return context.warnings
    .filter((issue) => ISSUES[issue.code].effect === 'drop' && IDENTIFIER_PATHS.has(issue.path ?? ''))
    .map((issue) => ({ issue }));
}

/** Bit i stands for the i-th identifier field of the catalogue. */
function identifierBits(...fields: readonly FieldSpec[]): number {
  return fields.reduce((bits, field) => bits | (1 << IDENTIFIER_FIELDS.indexOf(field)), 0);
}

/** IP address and user agent count only together, and a click id alone does not count (seen from the API). */
function isWeak(identifiers: number): boolean {
  return (identifiers & STRONG) === 0 && (identifiers & ADDRESS_AND_AGENT) !== ADDRESS_AND_AGENT;
}

/** The first element of extinfo decides the platform; an App Store number is digits only. */
function notePlatform(
  appId: Draft['values'][number],
  extinfo: Draft['values'][number],
  context: RowContext,
): void {
  const os = (extinfo as readonly string[] | undefined)?.[0];
  if (typeof appId !== 'string' || os === undefined || os === '') return;
  const platform = /^\d+$/.test(appId) ? 'i2' : 'a2';
  if (os !== platform) note(context, MISMATCH, NAMES.appId.name, `app_data.${NAMES.appId.key}`, NAMES.appId);
}

/** Under `drop_field` an invalid optional value becomes a warning; everything else makes the row invalid. */
function settle(context: RowContext, costsTheRow: (finding: Finding) => boolean): readonly Issue[] {
  if (context.findings.length === 0) return NONE;
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
