import { IDENTIFIER_FIELDS } from '../catalogue/index.js';
import { sha256Hex } from '../normalize/hash.js';
import { problem, type Issue } from '../issues.js';
import type { Plan } from '../plan/types.js';
import { DAY_MS, MINUTE_MS } from '../time-units.js';
import type { Row } from '../types.js';
import { compileOthers } from './custom.js';
import type { Draft, Event, OtherField, RowContext } from './draft.js';
import { createEncoder, joinParts, type EncodedParts } from './encode.js';
import { hashDraft } from './hash.js';
import { createJudge, findSlot } from './judge.js';
import { createMemos, type Memos } from './memo.js';
import { compileReader } from './read-row.js';
import type { OtherCells, TransformOptions } from './types.js';

/** A row as an event text, or why there is none. */
export type RowResult =
  | {
      readonly outcome: 'ok';
      readonly text: string;
      readonly warnings: readonly Issue[];
      readonly timeMs: number;
      /** Bit i: the event has the i-th identifier field of the catalogue. */
      readonly identifiers: number;
    }
  | { readonly outcome: 'invalid' | 'expired'; readonly issues: readonly Issue[] };

/** Turns rows of one plan into events, with `others` beside what the plan knows. Pure: the same row gives the same result, always. */
export type RowTransform = (row: Row, others?: OtherCells) => RowResult;

/** Compiles the transform for a plan: nothing is looked up by name and no configuration is decided per row. */
export function compileTransform(
  plan: Plan,
  options: TransformOptions,
  memos: Memos = createMemos(),
): RowTransform {
  const readRow = compileReader(plan, options, memos);
  const judge = createJudge(plan, options.eventSourceType);
  const readOthers = compileOthers(options);
  const encoder = createEncoder(plan);
  const identifiersOf = compileIdentifiers(plan);
  const wireUnit = timeUnitMs(options);
  const unmapped = plan.unmapped === undefined ? undefined : compileCanonical(plan.unmapped, options, memos);
  const oldestMs = options.asOfMs - options.maxEventAgeDays * DAY_MS;
  const latestMs = options.asOfMs + options.maxFutureMinutes * MINUTE_MS;
  const EXPIRED: Issue = {
    ...problem('event_expired', { days: options.maxEventAgeDays }),
    ...timePlace(plan),
  };
  const IN_FUTURE: Issue = {
    ...problem('event_in_future', { minutes: options.maxFutureMinutes }),
    ...timePlace(plan),
  };

  function encodeWithDerivedId(row: Row, event: Event, others: readonly OtherField[] | undefined): string {
    const parts = encoder.encodeParts(event, wireUnit, others);
    if (options.eventId === 'none') return joinParts(parts, undefined);
    const canonical =
      unmapped?.(row, others) ?? (wireUnit === 1 ? parts : encoder.encodeParts(event, 1, others));
    return joinParts(parts, deriveId(canonical, options.eventSourceId));
  }

  return function transformRow(row, otherCells) {
    const context = newContext(plan, options);
    const draft = readRow(row, context);
    const others = otherCells === undefined ? undefined : readOthers(otherCells, context);
    const time = draft.values[plan.eventTime];
    if (typeof time === 'number') {
      if (time < oldestMs) return { outcome: 'expired', issues: [EXPIRED] };
      if (time > latestMs) context.findings.push({ issue: IN_FUTURE });
    }
    const identifiers = identifiersOf(draft);
    const issues = judge(draft, identifiers, context);
    if (issues.length > 0) return { outcome: 'invalid', issues };
    const event = hashDraft(plan, draft);
    const given = event.values[plan.eventId];
    const text =
      typeof given === 'string'
        ? encoder.encode(event, wireUnit, given, others)
        : encodeWithDerivedId(row, event, others);
    return {
      outcome: 'ok',
      text,
      warnings: context.warnings,
      timeMs: Number(time),
      identifiers,
    };
  };
}

/** Compiles what tells the identifier fields a draft has: bit i is the i-th of the catalogue. */
function compileIdentifiers(plan: Plan): (draft: Draft) => number {
  const slots = IDENTIFIER_FIELDS.map((field, i) => ({ bit: 1 << i, index: findSlot(plan, field) })).filter(
    ({ index }) => index >= 0,
  );
  return function identifiersOf(draft) {
    let bits = 0;
    for (let i = 0; i < slots.length; i += 1) {
      const slot = slots[i];
      if (slot !== undefined && draft.values[slot.index] !== undefined) bits |= slot.bit;
    }
    return bits;
  };
}

function newContext(plan: Plan, options: TransformOptions): RowContext {
  const { timeZone, phoneCountry, defaultCountry } = options;
  return {
    plan,
    options,
    timeZone,
    phoneCountry,
    country: defaultCountry,
    rowCountry: undefined,
    findings: [],
    warnings: [],
  };
}

function timePlace(plan: Plan): { readonly column: string; readonly path: string } {
  const slot = plan.slots[plan.eventTime];
  return { column: slot?.kind === 'single' ? slot.source.column : '', path: slot?.path ?? '' };
}

/** The API takes milliseconds, but has been seen to refuse them for OFFLINE events. */
function timeUnitMs(options: TransformOptions): 1 | 1000 {
  if (options.eventTimeUnit === 'auto') return options.eventSourceType === 'OFFLINE' ? 1000 : 1;
  return options.eventTimeUnit === 'seconds' ? 1000 : 1;
}

/** Reads and encodes a row by the plan without the custom fields of the mapping, for the derived id only. */
function compileCanonical(
  plan: Plan,
  options: TransformOptions,
  memos: Memos,
): (row: Row, others: readonly OtherField[] | undefined) => EncodedParts {
  const encoder = createEncoder(plan);
  const readRow = compileReader(plan, options, memos);
  return (row, others) =>
    encoder.encodeParts(hashDraft(plan, readRow(row, newContext(plan, options))), 1, others);
}

/**
 * SHA-256 over the event source id and the event in canonical form (keys sorted, time in milliseconds, no
 * `event_id`): the same row has the same id in any file, shard or run.
 */
function deriveId(canonical: EncodedParts, eventSourceId: string): string {
  return sha256Hex(`${eventSourceId}\n${joinParts(canonical, undefined)}`);
}
