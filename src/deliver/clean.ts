import type { Secrets } from '../secrets.js';

/** Makes foreign text fit to be shown to a person. `event`: index of the event that the text is about, if it is known. */
export type Clean = (text: string, event?: number) => string;

const MAX_CHARS = 300;

/**
 * A cleaner for text from the API: one line, no control or direction characters, no secret, at most 300 characters. `hide`
 * takes out more.
 */
export function createCleaner({ scrub }: Pick<Secrets, 'scrub'>, hide: Clean = asItIs): Clean {
  // Hidden characters go first: a secret interrupted by them would otherwise reappear whole.
  return (text, event) => cut(hide(scrub(toOneLine(text)), event));
}

/** The text in one line, without control and direction characters. */
export function toOneLine(text: string): string {
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

function asItIs(text: string): string {
  return text;
}
