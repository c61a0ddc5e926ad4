import { looksLikeNull } from '../normalize/absent.js';
import type { Plan, Slot } from '../plan/types.js';
import type { Row } from '../types.js';
import { readCell } from './cells.js';
import { compileContents } from './contents.js';
import { compileCustom, compileCustomArray } from './custom.js';
import type { Draft, DraftValue, OneOrMany, Personal, RowContext, SlotReader } from './draft.js';
import type { Memos } from './memo.js';
import { readExtinfo } from './extinfo.js';
import { compileHashed, compileList, compileSingle } from './standard.js';
import type { TransformOptions } from './types.js';

/** SHA-256 of `us`: a country that comes hashed can still be told to be the United States. */
const HASH_OF_US = '79adb2a2fce5c6ba215fe5f27f532d4e7edbac4b6a5e09e1ef3a08084a904621';

/** Compiles the reader of all slots; the country comes first, because states and postal codes depend on it. */
export function compileReader(
  plan: Plan,
  options: TransformOptions,
  memos: Memos,
): (row: Row, context: RowContext) => Draft {
  const readers = plan.slots.map((slot) => compileSlot(slot, options, memos));
  const { country } = plan;
  const readCountry = readers[country];
  const namesCountry = compilePresence(plan.slots[country], options.nullTexts);

  return function readRow(row, context) {
    const values = new Array<DraftValue | undefined>(readers.length);
    if (readCountry !== undefined) {
      const value = readCountry(row, context);
      const named = countryOf(value) ?? (namesCountry(row) ? 'zz' : undefined);
      context.country = named ?? context.country;
      context.rowCountry = named;
      values[country] = value;
    }
    for (let i = 0; i < readers.length; i += 1) {
      if (i !== country) values[i] = readers[i]?.(row, context);
    }
    return { values } as unknown as Draft;
  };
}

function compileSlot(slot: Slot, options: TransformOptions, memos: Memos): SlotReader {
  const { nullTexts } = options;
  switch (slot.kind) {
    case 'single':
      return compileSingle(slot, nullTexts);
    case 'hashed':
      return compileHashed(slot, nullTexts, memos);
    case 'list':
      return compileList(slot, nullTexts);
    case 'contents':
      return compileContents(slot, options);
    case 'extinfo':
      return (row, context) => readExtinfo(slot, row, context);
    case 'custom':
      return compileCustom(slot, options);
    case 'custom_array':
      return compileCustomArray(slot, options);
    case 'fixed':
      return () => slot.value;
  }
}

/** The first country of the row in clear text; `zz` for a hash of another country; `undefined` when the row has none. */
function countryOf(value: DraftValue | undefined): string | undefined {
  const given = value as OneOrMany<Personal> | undefined;
  const first = Array.isArray(given) ? (given as readonly Personal[])[0] : (given as Personal | undefined);
  if (first === undefined) return undefined;
  if (typeof first !== 'string') return first.clear;
  return first === HASH_OF_US ? 'us' : 'zz';
}

/** Whether the row names anything there, known or not. */
function compilePresence(slot: Slot | undefined, nullTexts: readonly string[]): (row: Row) => boolean {
  if (slot?.kind !== 'hashed') return () => false;
  const sources = slot.base === undefined ? slot.elements : [slot.base, ...slot.elements];
  return (row) =>
    sources.some((source) => {
      const cell = readCell(row, source, nullTexts);
      return cell !== undefined && !(typeof cell === 'string' && looksLikeNull(cell.trim()));
    });
}
