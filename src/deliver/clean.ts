/** Makes foreign text fit to be shown to a person. */
export type Clean = (text: string) => string;

const MAX_CHARS = 300;

/**
 * A cleaner for text from the API: one line, no control or direction characters, no secret, at most 300 characters.
 * Each secret goes in every spelling it may have in a URL.
 */
export function createCleaner(secrets: readonly string[]): Clean {
  const spellings = secrets.flatMap(spellingsOf);
  return function clean(text: string): string {
    // Hidden characters go first: a secret interrupted by them would otherwise reappear whole.
    let shown = toOneLine(text);
    for (const spelling of spellings) shown = shown.replaceAll(spelling, '***');
    return cut(shown);
  };
}

function spellingsOf(secret: string): string[] {
  if (secret === '') return [];
  const encoded = encodeURIComponent(secret.toWellFormed());
  const lower = encoded.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
  return [...new Set([secret, encoded, lower])].sort((a, b) => b.length - a.length);
}

function toOneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\s\u2028\u2029]+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .trim();
}

function cut(text: string): string {
  if (text.length <= MAX_CHARS) return text;
  return `${text.slice(0, MAX_CHARS - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
