import { distance } from 'fastest-levenshtein';
import type { EventSourceType } from '../types.js';
import { CONTENTS_COLUMN_BASES } from './contents.js';
import { fieldByName, fieldsFor } from './fields.js';

/** A folded spelling and the field name to suggest for it. */
type Spellings = ReadonlyMap<string, string>;

/** Below this length two unrelated words are too often one letter apart. */
const SHORTEST_FUZZY = 5;
/** From this length on, one replaced letter is a typing error and not another word (state/stage, price/prize). */
const SUBSTITUTION_FROM = 8;
/** From this length on, two wrong letters are still recognizable. */
const TWO_EDITS_FROM = 16;

/** Usual column names that happen to lie one letter from a field or its similar names. */
const ORDINARY: ReadonlySet<string> = new Set([
  'bundled',
  'clientid',
  'contextname',
  'contexts',
  'contexttype',
  'county',
  'devices',
  'downloaded',
  'even',
  'eventdata',
  'events',
  'local',
  'locals',
  'stat',
  'stated',
  'states',
]);

const HASH_WORDS = /^(?:hashed|hash|sha256)|(?:sha256|sha|hashed|hash|hex)$/;

/** Case, blanks and separators do not tell two spellings apart. */
export function foldName(name: string): string {
  return name.toLowerCase().replace(/[\s_.-]+/g, '');
}

function spellingsOf(eventSourceType: EventSourceType, hashedOnly: 'all' | 'hashed'): Spellings {
  const spellings = new Map<string, string>();
  const specs = fieldsFor(eventSourceType).filter((spec) => hashedOnly === 'all' || spec.hashed);
  for (const spec of specs) spellings.set(foldName(spec.name), spec.name);
  for (const spec of specs) {
    for (const similar of spec.similarNames) {
      const folded = foldName(similar);
      if (!spellings.has(folded)) spellings.set(folded, spec.name);
    }
  }
  return spellings;
}

type Dictionary = { readonly all: Spellings; readonly hashed: Spellings };

function dictionaryOf(eventSourceType: EventSourceType): Dictionary {
  return Object.freeze({
    all: spellingsOf(eventSourceType, 'all'),
    hashed: spellingsOf(eventSourceType, 'hashed'),
  });
}

const DICTIONARIES: Readonly<Record<EventSourceType, Dictionary>> = Object.freeze({
  WEB: dictionaryOf('WEB'),
  MOBILE_APP: dictionaryOf('MOBILE_APP'),
  OFFLINE: dictionaryOf('OFFLINE'),
});

const CONTENTS_SPELLINGS: Spellings = new Map(CONTENTS_COLUMN_BASES.map((base) => [foldName(base), base]));

function isSwap(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  return a[i] === b[i + 1] && a[i + 1] === b[i] && a.slice(i + 2) === b.slice(i + 2);
}

/** Number of typing errors between two folded names, Infinity when they are more likely different words. */
function typos(written: string, known: string): number {
  if (known.length < SHORTEST_FUZZY || Math.abs(written.length - known.length) > 2) return Infinity;
  if (isSwap(written, known)) return 1;
  if (written[0] !== known[0]) return Infinity;
  const edits = distance(written, known);
  if (edits === 1) {
    return written.length !== known.length || known.length >= SUBSTITUTION_FROM ? 1 : Infinity;
  }
  return edits === 2 && known.length >= TWO_EDITS_FROM ? 2 : Infinity;
}

function nearest(written: string, spellings: Spellings): string | undefined {
  const exact = spellings.get(written);
  if (exact !== undefined) return exact;
  if (ORDINARY.has(written)) return undefined;
  let best: string | undefined;
  let fewest = Infinity;
  for (const [known, name] of spellings) {
    const errors = typos(written, known);
    if (errors < fewest) [best, fewest] = [name, errors];
  }
  return best;
}

/** `hashed_email`, `email_sha256`, `em_hash`: what remains without the words about hashing. */
function withoutHashWords(folded: string): string | undefined {
  const rest = folded.replace(HASH_WORDS, '').replace(HASH_WORDS, '');
  return rest === folded || rest === '' ? undefined : rest;
}

function suggestFor(name: string, eventSourceType: EventSourceType): string | undefined {
  const { all, hashed } = DICTIONARIES[eventSourceType];
  const folded = foldName(name);
  const rest = withoutHashWords(folded);
  return nearest(folded, all) ?? (rest === undefined ? undefined : nearest(rest, hashed));
}

/**
 * The standard field a column was probably meant to be, by its spelling or its usual name elsewhere; undefined
 * for ordinary custom names and for names that are standard. `emial` and `emial_1` give `em`; a numbered column
 * close to one of `contents` gives that column (`content_quantitiy_2` → `content_quantity_2`).
 */
export function suggestField(columnName: string, eventSourceType: EventSourceType): string | undefined {
  const name = columnName.trim();
  if (fieldByName(name, eventSourceType) !== undefined) return undefined;
  const numbered = /^(.+)_(\d+)$/s.exec(name);
  const base = numbered?.[1];
  if (base === undefined) return personalBase(name, eventSourceType) ?? suggestFor(name, eventSourceType);
  if (fieldByName(base, eventSourceType) !== undefined) return personalBase(name, eventSourceType);
  if (CONTENTS_SPELLINGS.get(foldName(base)) === base.toLowerCase()) return undefined;
  const column = nearest(foldName(base), CONTENTS_SPELLINGS);
  if (column !== undefined) return `${column}_${numbered?.[2] ?? ''}`;
  return (
    personalBase(name, eventSourceType) ??
    suggestFor(name, eventSourceType) ??
    suggestFor(base, eventSourceType)
  );
}

/**
 * The personal field a name has in front of a number that makes no array of it (`em_01`, `em1`, `em[0]`, `madid_1`):
 * as a custom field it would go out unhashed. Names that are read as array elements give none.
 */
function personalBase(name: string, eventSourceType: EventSourceType): string | undefined {
  const base = name.replace(/(?:[\s_.-]*[[(]?\d+[\])]?)+$/, '');
  const field = base === name ? undefined : fieldByName(base, eventSourceType);
  if (field?.places[eventSourceType] !== 'user_data') return undefined;
  const isElement = field.shape !== 'single' && name.toLowerCase().startsWith(`${field.name}_`);
  return isElement && /^_(?:0|[1-9]\d{0,3})$/.test(name.slice(field.name.length)) ? undefined : field.name;
}
