import { RunError } from '../errors.js';

/** What a person copied: the query of the redirect, or the code alone. Both are secrets. */
export type Pasted =
  | { readonly kind: 'query'; readonly query: URLSearchParams }
  | { readonly kind: 'code'; readonly query: URLSearchParams };

const EXPECTED = 'paste the whole address the browser was sent to after the login, or the code in it';

/**
 * Takes the whole address the browser was sent to, its query, or the bare code. Throws RunError `login_failed`, which shows
 * nothing of the text.
 */
export function readPasted(text: string): Pasted {
  const pasted = text.trim();
  if (pasted === '') throw new RunError('login_failed', 'nothing was pasted', { fix: fixFor(EXPECTED) });
  const query = queryIn(pasted);
  if (query !== undefined) return { kind: 'query', query };
  const code = unescaped(pasted);
  if (!/^[\x21-\x7e]{1,4096}$/.test(code) || pasted.includes('://')) {
    throw new RunError('login_failed', 'what was pasted holds no code', { fix: fixFor(EXPECTED) });
  }
  return { kind: 'code', query: new URLSearchParams({ code }) };
}

function fixFor(what: string): string {
  return `Run the same command again and ${what}.`;
}

function queryIn(pasted: string): URLSearchParams | undefined {
  const start = pasted.indexOf('?');
  const text = (start < 0 ? pasted : pasted.slice(start + 1)).split('#', 1)[0] ?? '';
  const query = new URLSearchParams(text);
  return query.has('code') || query.has('error') || query.has('state') ? query : undefined;
}

/** A code copied out of an address is percent-encoded there. */
function unescaped(code: string): string {
  try {
    return /%[0-9a-f]{2}/i.test(code) ? decodeURIComponent(code) : code;
  } catch {
    return code;
  }
}
