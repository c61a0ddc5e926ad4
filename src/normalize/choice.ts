import { problem } from '../issues.js';
import type { Problem } from '../issues.js';

/**
 * Makes a normalizer of a closed list of ASCII words: trimmed, any case in, the listed spelling out. Without a problem
 * of its own, a miss is `invalid_choice` with the list.
 */
export function chooser(
  words: readonly string[],
  letterCase: 'upper' | 'lower',
  miss: Problem = problem('invalid_choice', { allowed: words.join(', ') }),
): (text: string) => string | Problem {
  const listed: ReadonlySet<string> = new Set(words);
  return function choose(text) {
    if (listed.has(text)) return text;
    const value = text.trim();
    const folded = letterCase === 'upper' ? value.toUpperCase() : value.toLowerCase();
    return listed.has(folded) && isAscii(value) ? folded : miss;
  };
}

// Case mapping turns a few letters outside ASCII into ASCII ones (the long s, the dotless i); those are no spellings.
function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 127) return false;
  }
  return true;
}
