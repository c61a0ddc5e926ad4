/** How other programs write NULL as text. Spelled exactly: `Null` and `Nan` are names of people. */
const NULL_TEXTS: ReadonlySet<string> = new Set([
  'NULL',
  'null',
  '(null)',
  '<null>',
  '<NULL>',
  'None',
  'nan',
  'NaN',
  '<NA>',
  'NaT',
]);

/** Texts that stand for a missing identifier, lower case. */
const PLACEHOLDERS: ReadonlySet<string> = new Set([
  'null',
  '(null)',
  'none',
  'nan',
  'n/a',
  'na',
  'unknown',
  'undefined',
  '0',
]);

const LONGEST = 'undefined'.length;
const ZERO_UUID = '00000000-0000-0000-0000-000000000000';

/** Whether trimmed text looks like the NULL of another program. */
export function looksLikeNull(text: string): boolean {
  return text.length <= LONGEST && NULL_TEXTS.has(text);
}

/** Whether text stands for a missing identifier: `unknown`, `n/a`, `0`, a UUID of zeros and so on, in any case. */
export function isPlaceholder(text: string): boolean {
  const { length } = text;
  // Most identifiers have another length, and no blanks at their ends to be trimmed.
  if (length > LONGEST && length !== ZERO_UUID.length && !hasBlankEnds(text)) return false;
  const value = text.trim();
  return value.length <= LONGEST ? PLACEHOLDERS.has(value.toLowerCase()) : value === ZERO_UUID;
}

/** Whether the first or last character may be white space. */
function hasBlankEnds(text: string): boolean {
  return !isPrintableAscii(text.charCodeAt(0)) || !isPrintableAscii(text.charCodeAt(text.length - 1));
}

function isPrintableAscii(unit: number): boolean {
  return unit > 32 && unit < 127;
}
