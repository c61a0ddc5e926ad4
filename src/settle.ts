import { eventsOf } from './deliver/batch.js';
import type { Batch, IndexedAnswer, Settled } from './deliver/types.js';
import type { EventAnswer, Observer } from './events.js';
import type { Issue } from './issues.js';
import { placeOf, type Ledger, type LedgerEntry, type Origin } from './ledger.js';
import type { ExportOptions } from './summary.js';

/** Receivers of the validation endpoint's answers, one per event. */
export type AnswerSinks = Pick<ExportOptions, 'answerSink'> & { readonly observer: Observer };

/**
 * Enters a settled part of a batch into the books. In a run of test events, `sinks` receive the API's answers; a slow
 * one slows the run.
 */
export async function enterSettled(
  settled: Settled,
  ledger: Ledger,
  sinks: AnswerSinks | undefined,
): Promise<void> {
  if (settled.outcome === 'sent') ledger.sent(settled.batch.events);
  else await ledger.reject(entriesOf(settled.batch, settled.outcome, [issueOf(settled)]));
  if (sinks === undefined) return;
  const answers = answersOf(settled);
  for (const answer of answers) sinks.observer({ type: 'event_answer', answer });
  await sinks.answerSink?.(answers);
}

/** The events of a batch as ledger entries. */
export function entriesOf(
  batch: Batch,
  outcome: LedgerEntry['outcome'],
  issues: readonly Issue[],
): readonly LedgerEntry[] {
  return [...eventsOf(batch)].map(({ origin, record }) => ({
    origin: origin as Origin,
    record,
    outcome,
    issues,
  }));
}

/** Why valid rows were not delivered, as an issue. */
export function notAttemptedIssue(reason: string): Issue {
  return { code: 'not_attempted', args: { reason } };
}

function issueOf(settled: Exclude<Settled, { outcome: 'sent' }>): Issue {
  switch (settled.outcome) {
    case 'refused': {
      const { reason, codes } = settled.why;
      const text = codes.length === 0 ? reason : `${reason} (${codes.join(', ')})`;
      return { code: 'refused_by_api', args: { reason: text } };
    }
    case 'in_doubt':
      return { code: 'no_readable_answer', args: { reason: settled.reason } };
    case 'not_attempted':
      return notAttemptedIssue(settled.reason);
  }
}

function answersOf(settled: Settled): readonly EventAnswer[] {
  if (settled.outcome !== 'sent' && settled.outcome !== 'refused') return [];
  const answers = new Map<number, IndexedAnswer>(
    settled.outcome === 'sent' ? settled.answers.map((answer) => [answer.index, answer]) : [],
  );
  const refusal =
    settled.outcome === 'refused'
      ? { status: 'INVALID' as const, codes: settled.why.codes, messages: [settled.why.reason], warnings: [] }
      : undefined;
  return [...eventsOf(settled.batch)].map(({ origin, record }, index) => {
    const { status, codes, messages, warnings } = refusal ??
      answers.get(index) ?? { status: 'VALID' as const, codes: [], messages: [], warnings: [] };
    return { place: placeOf(origin as Origin, record), status, codes, messages, warnings };
  });
}
