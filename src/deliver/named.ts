import type { ApiAnswer, LogEntry } from './answer.js';
import type { Clean } from './clean.js';
import type { ApiReason, Batch, IndexedAnswer } from './types.js';

/** An event that an answer blames: its index within the request, from 0, and what the answer says about it. */
export type Named = { readonly index: number; readonly why: ApiReason };

/** The events blamed by an answer, each once, ascending. `otherwise` is the reason where the answer gives none. */
export function namedIn(api: ApiAnswer | undefined, otherwise: ApiReason, clean: Clean): readonly Named[] {
  if (api === undefined) return [];
  const named = new Map<number, ApiReason>();
  const base = baseOf(api.logs ?? []);
  for (const entry of api.logs ?? []) {
    if (entry.event === undefined || entry.status !== 'INVALID') continue;
    const index = entry.event - base;
    const reason = clean(entry.messages.join('; '), index) || otherwise.reason;
    named.set(index, { reason, codes: entry.codes.map((code) => clean(code, index)) });
  }
  // Position 0 cannot be told apart from "none" where a single number is counted from 1.
  if (named.size === 0 && api.event !== undefined && api.event > 0) named.set(api.event - 1, otherwise);
  return [...named].map(([index, why]) => ({ index, why })).sort((a, b) => a.index - b.index);
}

/** The named events that the batch really has. */
export function namedWithin(batch: Batch, { named }: { readonly named: readonly Named[] }): readonly Named[] {
  return named.filter(({ index }) => index >= 0 && index < batch.events);
}

/** What the validation endpoint says of each event. */
export function answersIn(api: ApiAnswer | undefined, clean: Clean): readonly IndexedAnswer[] {
  const logs = api?.logs ?? [];
  const base = baseOf(logs);
  const answers: IndexedAnswer[] = [];
  for (const entry of logs) {
    if (entry.event === undefined) continue;
    const index = entry.event - base;
    const cleanOne = (text: string): string => clean(text, index);
    answers.push({
      index,
      status: entry.status === 'INVALID' ? 'INVALID' : 'VALID',
      codes: entry.codes.map(cleanOne),
      messages: entry.messages.map(cleanOne),
      warnings: entry.warnings.map(cleanOne),
    });
  }
  return answers.sort((a, b) => a.index - b.index);
}

// The API is believed to count from 1; a list that contains 0 shows that it does not.
function baseOf(logs: readonly LogEntry[]): 0 | 1 {
  return logs.some((entry) => entry.event === 0) ? 0 : 1;
}
