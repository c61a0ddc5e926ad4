import { distance } from 'fastest-levenshtein';
import { quoteName } from './printable.js';

/**
 * The candidate closest to a mistyped word, ignoring case and `-`/`_`; `undefined` when none is close
 * (more than a third of the letters differ).
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = plain(word);
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of candidates) {
    const steps = distance(wanted, plain(candidate));
    if (steps >= bestDistance) continue;
    best = candidate;
    bestDistance = steps;
  }
  return best;
}

/** What an error about a mistyped word ends in: `; did you mean "…"?`, or nothing when no candidate is close. */
export function nearestHint(word: string, candidates: Iterable<string>): string {
  const near = nearest(word, candidates);
  return near === undefined ? '' : `; did you mean ${quoteName(near)}?`;
}

function plain(word: string): string {
  return word.slice(0, 100).toLowerCase().replaceAll('-', '_').trim();
}
