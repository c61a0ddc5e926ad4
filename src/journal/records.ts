import type {
  AckRecord,
  EndRecord,
  IntentRecord,
  NackRecord,
  Range,
  RefusedEvents,
  RowSpan,
  RunFacts,
  RunInput,
} from './types.js';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The layout of the journal. A program that reads another number than its own refuses the file; a change that old
 * programs would misread needs a new one.
 */
export const FORMAT = 1;

/** The record of a `run` line; `undefined` when it is not one, or of another layout. */
export function asRun(record: Fields): RunFacts | undefined {
  const { format, version, transformVersion, runId, createdMs, asOfMs, inputs, settings } = record;
  const { batchSize, maxBatchBytes, retryOf, after, forced } = record;
  if (format !== FORMAT || !isText(version) || !isCount(transformVersion) || !isText(runId)) return undefined;
  if (!isCount(createdMs) || !isInteger(asOfMs) || !isCount(batchSize) || !isCount(maxBatchBytes))
    return undefined;
  if (!isListOf(inputs, isInput) || !isRecordOf(settings, isText)) return undefined;
  const facts = {
    version,
    transformVersion,
    runId,
    createdMs,
    asOfMs,
    inputs,
    settings,
    batchSize,
    maxBatchBytes,
    ...(forced === true && { forced }),
  };
  if (retryOf !== undefined && !isText(retryOf)) return undefined;
  if (after !== undefined && !isListOf(after, isText)) return undefined;
  return {
    ...facts,
    ...(retryOf !== undefined && { retryOf }),
    ...(after !== undefined && { after }),
  };
}

/** The record of an `intent` line; `undefined` when it is not one. */
export function asIntent(record: Fields): IntentRecord | undefined {
  const { batch, attempt, rows, events, bodyHash, atMs } = record;
  if (!isPositive(batch) || !isPositive(attempt) || !isPositive(events) || !isCount(atMs)) return undefined;
  if (!isListOf(rows, isRowSpan) || !isText(bodyHash)) return undefined;
  return { batch, attempt, rows, events, bodyHash, atMs };
}

/** The record of an `ack` line; `undefined` when it is not one. */
export function asAck(record: Fields): AckRecord | undefined {
  const { batch, sent, refused, atMs } = record;
  if (!isPositive(batch) || !isCount(sent) || !isListOf(refused, isRefused) || !isCount(atMs))
    return undefined;
  return { batch, sent, refused, atMs };
}

/** The record of a `nack` line; `undefined` when it is not one. */
export function asNack(record: Fields): NackRecord | undefined {
  const ack = asAck(record);
  const { inDoubt, notAttempted, reason } = record;
  if (ack === undefined || !isListOf(inDoubt, isRange) || !isListOf(notAttempted, isRange)) return undefined;
  const nack = { ...ack, inDoubt, notAttempted };
  if (reason === undefined) return nack;
  return isText(reason) ? { ...nack, reason } : undefined;
}

/** The record of an `end` line; `undefined` when it is not one. */
export function asEnd(record: Fields): EndRecord | undefined {
  const { status, outcomes, exitCode, atMs } = record;
  if (status !== 'complete' && status !== 'stopped' && status !== 'incomplete') return undefined;
  if (!isRecordOf(outcomes, isCount) || !isCount(exitCode) || !isCount(atMs)) return undefined;
  return { status, outcomes, exitCode, atMs };
}

function isInput(value: unknown): value is RunInput {
  if (!isRecord(value)) return false;
  const { name, realPath, fingerprint } = value;
  return isText(name) && (realPath === null || isText(realPath)) && isText(fingerprint);
}

function isRowSpan(value: unknown): value is RowSpan {
  if (!isRecord(value)) return false;
  const { input, first, last, bytes } = value;
  return isCount(input) && isRange([first, last]) && (bytes === undefined || isRange(bytes));
}

function isRefused(value: unknown): value is RefusedEvents {
  if (!isRecord(value)) return false;
  const { events, reason, codes } = value;
  return isListOf(events, isRange) && isText(reason) && isListOf(codes, isText);
}

function isRange(value: unknown): value is Range {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [first, last] = value as readonly unknown[];
  return isCount(first) && isCount(last) && first <= last;
}

function isListOf<T>(value: unknown, isItem: (item: unknown) => item is T): value is readonly T[] {
  return Array.isArray(value) && value.every((item) => isItem(item));
}

function isRecordOf<T>(
  value: unknown,
  isItem: (item: unknown) => item is T,
): value is Readonly<Record<string, T>> {
  return isRecord(value) && Object.values(value).every((item) => isItem(item));
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isInteger(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isCount(value: unknown): value is number {
  return isInteger(value) && value >= 0;
}

function isPositive(value: unknown): value is number {
  return isCount(value) && value > 0;
}
