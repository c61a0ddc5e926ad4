import { encodeBody } from './deliver/batch.js';
import { createBatcher } from './deliver/batcher.js';
import type { Batch } from './deliver/types.js';
import type { Issue } from './issues.js';
import { placeOf } from './ledger.js';
import { closeSources, openSources, processSources, type ProcessedChunk, type Sources } from './sources.js';
import type { ExportOptions } from './summary.js';
import type { ChunkResult } from './transform/types.js';
import type { RowPlace } from './types.js';

/** One row as `export` would treat it. `eventText` is the JSON that would be sent, byte for byte. */
export type PreviewRow =
  | {
      readonly place: RowPlace;
      readonly outcome: 'ok';
      readonly eventText: string;
      readonly warnings: readonly Issue[];
    }
  | { readonly place: RowPlace; readonly outcome: 'invalid' | 'expired'; readonly issues: readonly Issue[] };

export type PreviewOptions = Pick<
  ExportOptions,
  'inputs' | 'config' | 'read' | 'asOfMs' | 'nullTexts' | 'clock' | 'observer'
> & {
  /** Rows to show; default: all. */
  readonly limit?: number;
};

/**
 * Each row's outcome in input order, without any network. Throws RunError on damaged input, and `personal_data_unhashed`
 * after the last row when an export would send nothing for that reason.
 */
export async function* previewRows(options: PreviewOptions): AsyncGenerator<PreviewRow> {
  yield* fromSources(options, firstRows);
}

async function* fromSources<T>(
  options: PreviewOptions,
  first: (sources: Sources, options: PreviewOptions) => AsyncGenerator<T>,
): AsyncGenerator<T> {
  const sources = await openAll(options);
  try {
    yield* first(sources, options);
  } finally {
    await closeSources(sources);
  }
  if (sources.personalDataError !== undefined) throw sources.personalDataError;
}

async function* firstRows(sources: Sources, options: PreviewOptions): AsyncGenerator<PreviewRow> {
  let left = options.limit ?? Infinity;
  for await (const processed of processAll(sources, options)) {
    for (const row of rowsOf(processed)) {
      if (left <= 0) return;
      left -= 1;
      yield row;
    }
    if (left <= 0) return;
  }
}

/** The request bodies `export` would send, in order, from the first `limit` rows. Throws as `previewRows` does. */
export async function* previewBodies(options: PreviewOptions): AsyncGenerator<string> {
  yield* fromSources(options, firstBodies);
}

async function* firstBodies(sources: Sources, options: PreviewOptions): AsyncGenerator<string> {
  const { batchSize, maxBatchBytes } = options.config;
  const batcher = createBatcher({ batchSize, maxBatchBytes });
  const text = (batch: Batch): string => Buffer.from(encodeBody(batch)).toString('utf8');
  let left = options.limit ?? Infinity;
  for await (const { origin, result } of processAll(sources, options)) {
    const { events } = result;
    const taken = events.records.findLastIndex((record) => record < left) + 1;
    left -= result.rows;
    const shown = { ...events, ends: events.ends.slice(0, taken), records: events.records.slice(0, taken) };
    for (const batch of batcher.add(shown, origin)) yield text(batch);
    if (left <= 0) break;
  }
  const last = batcher.flush();
  if (last !== undefined) yield text(last);
}

function openAll(options: PreviewOptions): Promise<Sources> {
  const asOfMs = options.asOfMs ?? (options.clock ?? Date.now)();
  return openSources({ ...options, asOfMs });
}

function processAll(sources: Sources, { observer }: PreviewOptions): AsyncGenerator<ProcessedChunk> {
  return processSources(sources, observer ?? (() => undefined));
}

function* rowsOf({ origin, result }: ProcessedChunk): Generator<PreviewRow> {
  const decoder = new TextDecoder();
  const warnings = warningsByRecord(result);
  const rejections = new Map(result.rejections.map((rejection) => [rejection.record, rejection]));
  let event = 0;
  for (let record = 0; record < result.rows; record += 1) {
    const place = placeOf(origin, record);
    const rejection = rejections.get(record);
    if (rejection !== undefined) {
      yield { place, outcome: rejection.outcome, issues: rejection.issues };
      continue;
    }
    const from = event === 0 ? 0 : (result.events.ends[event - 1] ?? 0) + 1;
    const eventText = decoder.decode(result.events.bytes.subarray(from, result.events.ends[event]));
    const noticed = warnings.get(record) ?? [];
    yield { place, outcome: 'ok', eventText, warnings: noticed };
    event += 1;
  }
}

function warningsByRecord(result: ChunkResult): ReadonlyMap<number, readonly Issue[]> {
  const byRecord = new Map<number, Issue[]>();
  for (const { record, issue } of result.warnings) {
    const issues = byRecord.get(record);
    if (issues === undefined) byRecord.set(record, [issue]);
    else issues.push(issue);
  }
  return byRecord;
}
