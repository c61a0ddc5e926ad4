import type { EventAnswer } from '../events.js';
import type { RowPlace } from '../types.js';
import { formatPlace } from '../report/format.js';
import { safeText } from './terminal.js';

const MOST_KEPT = 1000;

type AnswerRecord = Omit<EventAnswer, 'place'> & RowPlace;

/** Answers of the validation endpoint, kept for `--json`. */
export type KeptAnswers = {
  readonly add: (answer: EventAnswer) => void;
  /** Fields for the JSON object; empty when no answer came. */
  readonly record: () => object;
};

/** Keeps the first answers to arrive and counts the rest. Requests overtake each other, so the record sorts by row. */
export function keepAnswers(): KeptAnswers {
  const kept: AnswerRecord[] = [];
  let omitted = 0;
  return {
    add: ({ place, ...answer }) => {
      if (kept.length < MOST_KEPT) kept.push({ ...place, ...answer });
      else omitted += 1;
    },
    record: () => ({
      ...(kept.length === 0 ? {} : { answers: kept.sort(byPlace) }),
      ...(omitted === 0 ? {} : { answers_omitted: omitted }),
    }),
  };
}

function byPlace(a: RowPlace, b: RowPlace): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.row - b.row;
}

/** One answer as a line: `rows.csv:2 row 1 INVALID 507 Insufficient customer information.` */
export function answerLine({ place, status, codes, messages, warnings }: EventAnswer): string {
  const parts = [formatPlace(place), status, codes.join(','), messages.join('; ')];
  if (warnings.length > 0) parts.push(`warnings: ${warnings.join('; ')}`);
  return `${safeText(parts.filter((part) => part !== '').join(' ')).replaceAll('\n', ' ')}\n`;
}
