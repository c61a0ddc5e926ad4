import { z } from 'zod';

/** One entry of `event_logs`. `event` is the number as the API wrote it. */
export type LogEntry = {
  readonly event: number | undefined;
  readonly status: string;
  readonly codes: readonly string[];
  readonly messages: readonly string[];
  readonly warnings: readonly string[];
};

/** The body of an answer, as far as it is understood; texts are raw. */
export type ApiAnswer = {
  /** Upper case; empty when there is none. */
  readonly status: string;
  readonly reason: string;
  readonly event: number | undefined;
  readonly codes: readonly string[];
  readonly messages: readonly string[];
  readonly logs: readonly LogEntry[] | undefined;
};

// Texts are looked for in lists, in objects and in lists of objects; an absurdly nested answer must not end the run.
const MAX_DEPTH = 3;

// Every part is read on its own: one part of an unknown shape must not hide the others.
const status = z
  .string()
  .transform((text) => text.trim().toUpperCase())
  .catch('');
const reason = z.string().catch('');
const texts = z
  .unknown()
  .optional()
  .transform((value) => toTexts(value, MAX_DEPTH));
const event = z.unknown().optional().transform(toPosition);
const errors = z
  .object({ codes: texts, error_msgs: texts })
  .or(texts.transform((messages) => ({ codes: [], error_msgs: messages })));

const logEntry = z.object({ event, status, errors, warnings: texts }).transform((entry): LogEntry => {
  const { codes, error_msgs: messages } = entry.errors;
  return { event: entry.event, status: entry.status, codes, messages, warnings: entry.warnings };
});

const logs = z
  .array(logEntry.optional().catch(undefined))
  .transform((entries) => entries.filter((entry) => entry !== undefined))
  .optional()
  .catch(undefined);

const answer = z.object({ status, reason, event, errors, event_logs: logs }).transform((body): ApiAnswer => {
  const { codes, error_msgs: messages } = body.errors;
  return { ...body, codes, messages, logs: body.event_logs };
});

/** Reads the body of an answer; undefined when it is no JSON object. */
export function parseAnswer(body: string): ApiAnswer | undefined {
  const parsed = answer.safeParse(parseJson(body));
  return parsed.success ? parsed.data : undefined;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body.replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
}

function toPosition(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

function toTexts(value: unknown, depth: number): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number' || typeof value === 'boolean') return [String(value)];
  if (typeof value !== 'object' || value === null || depth === 0) return [];
  return Object.values(value).flatMap((part) => toTexts(part, depth - 1));
}
