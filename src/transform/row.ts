import { IDENTIFIER_FIELDS } from '../catalogue/index.js';
import { sha256Hex } from '../normalize/hash.js';
import { problem, type Issue } from '../issues.js';
import type { Plan, Slot } from '../plan/types.js';
import type { Row, Sha256Hex } from '../types.js';
import { readCell } from './cells.js';
import { readContents } from './contents.js';
import { readCustom, readCustomArray } from './custom.js';
import type { Draft, DraftValue, Event, RowContext, Unhashed } from './draft.js';
import { createEncoder, joinParts, type EncodedParts } from './encode.js';
import { readExtinfo } from './extinfo.js';
import { hashDraft } from './hash.js';
import { createJudge, findSlot } from './judge.js';
import { readHashed, readList, readSingle } from './standard.js';
import type { TransformOptions } from './types.js';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** SHA-256 of `us`: a country that comes hashed can still be told to be the United States. */
const HASH_OF_US = '79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621';

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

/** Turns rows of one plan into events. Pure: the same row gives the same result, always. */
export type RowTransform = (row: Row) => RowResult;

/** Compiles the transform for a plan: nothing is looked up by name and no configuration is decided per row. */
export function compileTransform(plan: Plan, options: TransformOptions): RowTransform {
  const judge = createJudge(plan, options.eventSourceType);
  const encoder = createEncoder(plan);
  const identifierSlots = IDENTIFIER_FIELDS.map((field) => findSlot(plan, field));
  const wireUnit = timeUnitMs(options);
  const unmapped = plan.unmapped === undefined ? undefined : compileCanonical(plan.unmapped, options);
  const oldestMs = options.asOfMs - options.maxEventAgeDays * DAY_MS;
  const latestMs = options.asOfMs + options.maxFutureMinutes * MINUTE_MS;
  const EXPIRED = problem('event_expired', { days: options.maxEventAgeDays });
  const IN_FUTURE = problem('event_in_future', { minutes: options.maxFutureMinutes });

  return function transformRow(row) {
    const context = newContext(plan, options);
    const draft = readDraft(plan, row, context);
    const time = draft.values[plan.eventTime];
    if (typeof time === 'number') {
      const place = timePlace(plan);
      if (time < oldestMs) return { outcome: 'expired', issues: [{ ...EXPIRED, ...place }] };
      if (time > latestMs) context.findings.push({ issue: { ...IN_FUTURE, ...place } });
    }
    const issues = judge(draft, context);
    if (issues.length > 0) return { outcome: 'invalid', issues };
    const event = hashDraft(plan, draft);
    const parts = encoder.encode(event, wireUnit);
    const given = event.values[plan.eventId];
    const canonical = (): EncodedParts =>
      unmapped?.(row) ?? (wireUnit === 1 ? parts : encoder.encode(event, 1));
    const id = typeof given === 'string' ? given : deriveId(canonical, options);
    const identifiers = identifierBits(identifierSlots, event);
    return {
      outcome: 'ok',
      text: joinParts(parts, id),
      warnings: context.warnings,
      timeMs: Number(time),
      identifiers,
    };
  };
}

function identifierBits(slots: readonly number[], event: Event): number {
  let bits = 0;
  for (let i = 0; i < slots.length; i += 1) if (event.values[slots[i] ?? -1] !== undefined) bits |= 1 << i;
  return bits;
}

function newContext(plan: Plan, options: TransformOptions): RowContext {
  return { plan, options, country: options.defaultCountry, findings: [], warnings: [] };
}

/** Reads all slots; the country first, because states and postal codes depend on it. */
function readDraft(plan: Plan, row: Row, context: RowContext): Draft {
  const { slots } = plan;
  const { options } = context;
  const values = new Array<DraftValue | undefined>(slots.length);
  const countrySlot = slots[plan.country];
  if (countrySlot !== undefined) {
    const country = readSlot(countrySlot, row, context);
    values[plan.country] = country;
    const named = countryOf(country) ?? (hasCell(countrySlot, row, options) ? 'zz' : undefined);
    context.country = named ?? context.country;
  }
  for (let index = 0; index < slots.length; index += 1) {
    const slot = slots[index];
    if (slot !== undefined && index !== plan.country) values[index] = readSlot(slot, row, context);
  }
  return { values } as unknown as Draft;
}

function readSlot(slot: Slot, row: Row, context: RowContext): DraftValue | undefined {
  switch (slot.kind) {
    case 'single':
      return readSingle(slot, row, context);
    case 'hashed':
      return readHashed(slot, row, context);
    case 'list':
      return readList(slot, row, context);
    case 'contents':
      return readContents(slot, row, context);
    case 'extinfo':
      return readExtinfo(slot, row, context);
    case 'custom':
      return readCustom(slot, row, context);
    case 'custom_array':
      return readCustomArray(slot, row, context);
    case 'fixed':
      return slot.value;
  }
}

/** The first country of the row in clear text; `zz` for a hash of another country; `undefined` when the row has none. */
function countryOf(value: DraftValue | undefined): string | undefined {
  const first = (value as readonly (Unhashed | Sha256Hex)[] | undefined)?.[0];
  if (first === undefined) return undefined;
  if (typeof first !== 'string') return first.clear;
  return first === HASH_OF_US ? 'us' : 'zz';
}

/** Whether the row names anything there, known or not. */
function hasCell(slot: Slot, row: Row, { nullTexts }: TransformOptions): boolean {
  if (slot.kind !== 'hashed') return false;
  const sources = slot.base === undefined ? slot.elements : [slot.base, ...slot.elements];
  return sources.some((source) => readCell(row, source, nullTexts) !== undefined);
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

/** Reads and encodes a row by the plan without mapped-in values, for the derived id only. */
function compileCanonical(plan: Plan, options: TransformOptions): (row: Row) => EncodedParts {
  const encoder = createEncoder(plan);
  return (row) => encoder.encode(hashDraft(plan, readDraft(plan, row, newContext(plan, options))), 1);
}

/**
 * SHA-256 over the event source id and the event in canonical form (keys sorted, time in milliseconds, no
 * `event_id`): the same row has the same id in any file, shard or run.
 */
function deriveId(canonical: () => EncodedParts, options: TransformOptions): string | undefined {
  if (options.eventId === 'none') return undefined;
  return sha256Hex(`${options.eventSourceId}\n${joinParts(canonical(), undefined)}`);
}
