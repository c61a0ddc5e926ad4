import { createBatcher } from './deliver/batcher.js';
import type { Batch } from './deliver/types.js';
import { interruption, RunError } from './errors.js';
import type { Observer } from './events.js';
import { formatIssue, ISSUES, type Issue } from './issues.js';
import { placeOf, type Ledger, type Origin } from './ledger.js';
import { createRelease } from './release.js';
import { entriesOf, notAttemptedIssue } from './settle.js';
import { processSources, type ProcessedChunk, type Sources } from './sources.js';
import type { ExportOptions, RunMode } from './summary.js';
import type { ChunkResult } from './transform/types.js';

export type RowFeedOptions = {
  readonly sources: Sources;
  readonly config: ExportOptions['config'];
  readonly mode: RunMode;
  readonly ledger: Ledger;
  readonly observer: Observer;
  readonly signal: AbortSignal | undefined;
  /** Whether an input that is wrong from the start ends the run; a check then fails, but reads on. */
  readonly earlyStop: boolean;
};

/** By so many rows an input is judged. */
const FIRST_ROWS = 1000;
/** More invalid ones among them are no accident. */
const MOST_INVALID = 900;

/** Rows in, full batches out; every row that does not get into a batch is in the books. */
export type RowFeed = {
  /** Pulling is back-pressure: nothing is read while nobody pulls. May be left early. */
  readonly batches: () => AsyncGenerator<Batch>;
  /** Ends reading at the next chunk. */
  readonly stop: (error: RunError) => void;
  /** Ends reading when more rows are rejected than an absolute limit allows. */
  readonly checkLimit: () => void;
  /** Why reading ended before the end of the input, if it did. */
  readonly error: () => RunError | undefined;
  /** Whether everything there is to read is in batches that were pulled. */
  readonly exhausted: () => boolean;
  /** Takes a batch that was pulled and is settled: the memory its events are in may be used for others. */
  readonly release: (batch: Batch) => void;
  /** Enters the rows that are read but in no pulled batch as not attempted. */
  readonly abandonRest: (reason: string) => Promise<void>;
};

/** Makes the feed. Problems of the input end it quietly and stand in `error`. */
export function createRowFeed(options: RowFeedOptions): RowFeed {
  const { config, ledger } = options;
  const batcher = createBatcher({ batchSize: config.batchSize, maxBatchBytes: config.maxBatchBytes });
  const release = createRelease(options.sources.runner.reuse);
  const ready: Batch[] = [];
  const firstRows = createFirstRows();
  let error: RunError | undefined;
  let failure: RunError | undefined;
  let exhausted = false;
  const stop = (why: RunError): void => {
    error ??= why;
  };
  const stopped = (): boolean => error !== undefined || options.signal?.aborted === true;

  /** Rejections that cannot be written end the run at once. */
  const isUnwritable = (): boolean => error?.code === 'output_io';

  function checkLimit(): void {
    const tooMany = rejectLimitError(options);
    if (tooMany !== undefined) stop(tooMany);
  }

  async function take({ origin, result }: ProcessedChunk): Promise<void> {
    const cut = config.skipInvalidRecords ? undefined : firstInvalid(result);
    const kept = cut === undefined ? result : upTo(result, cut.record);
    ledger.read(origin.input, kept.rows);
    ledger.observe(origin, kept);
    // Events first: they have to be in the books even when the rejections cannot be written.
    if (options.mode === 'check') {
      ledger.spared(kept.events.records.length);
      options.sources.runner.reuse(kept.events);
    } else {
      release.expect(kept.events);
      ready.push(...batcher.add(kept.events, origin));
    }
    await ledger.reject(kept.rejections.map((rejection) => ({ origin, ...rejection })));
    if (cut !== undefined) stop(invalidRowError(origin, cut.record, cut.issues));
    checkLimit();
    if (!options.earlyStop || !firstRows.areInvalid(kept)) return;
    if (options.mode === 'check') failure = mostlyInvalidError('An export would stop there.');
    else stop(mostlyInvalidError('Nothing after them was read.'));
  }

  async function* batches(): AsyncGenerator<Batch> {
    const chunks = processSources(options.sources, options.observer);
    try {
      yield* fullBatches(chunks);
      // A batch cut short here would be another one when the run goes on.
      if (options.signal?.aborted === true || error?.code === 'mostly_invalid' || isUnwritable()) return;
      const last = batcher.flush();
      if (last !== undefined) yield last;
      exhausted = true;
    } finally {
      await endInterrupted(chunks);
    }
  }

  /** Damage of the input ends it quietly: the rows before it are still delivered. */
  async function* fullBatches(chunks: AsyncGenerator<ProcessedChunk>): AsyncGenerator<Batch> {
    try {
      for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
        await take(next.value);
        for (let batch = ready.shift(); batch !== undefined; batch = ready.shift()) {
          yield batch;
          if (isUnwritable()) return;
        }
        if (stopped()) return;
      }
    } catch (problem) {
      if (!(problem instanceof RunError)) throw problem;
      stop(problem);
    }
  }

  /** An interrupt that comes when every row is in a batch that was pulled leaves nothing to resume. */
  async function endInterrupted(chunks: AsyncGenerator<ProcessedChunk>): Promise<void> {
    const { signal } = options;
    if (signal?.aborted === true && error === undefined && !exhausted) {
      const last = batcher.flush();
      if (last !== undefined) ready.push(last);
      exhausted = ready.length === 0 && (await isOver(chunks));
      if (!exhausted) stop(interruption(signal));
    }
    await chunks.return(undefined);
  }

  async function abandonRest(reason: string): Promise<void> {
    const last = batcher.flush();
    const rest = last === undefined ? ready.splice(0) : [...ready.splice(0), last];
    const issues = [notAttemptedIssue(reason)];
    await ledger.reject(rest.flatMap((batch) => entriesOf(batch, 'not_attempted', issues)));
  }

  return {
    batches,
    stop,
    checkLimit,
    error: () => error ?? failure,
    exhausted: () => exhausted,
    release: release.settled,
    abandonRest,
  };
}

function firstInvalid(result: ChunkResult): ChunkResult['rejections'][number] | undefined {
  return result.rejections.find((rejection) => rejection.outcome === 'invalid');
}

/** Whether there is nothing more to read. What an interrupt cut off is not over. */
async function isOver(chunks: AsyncGenerator<ProcessedChunk>): Promise<boolean> {
  try {
    return (await chunks.next()).done === true;
  } catch {
    return false;
  }
}

/** The result as if nothing after `record` had been read. */
function upTo(result: ChunkResult, record: number): ChunkResult {
  const events = result.events.records.filter((index) => index < record).length;
  return {
    ...result,
    rows: record + 1,
    events: {
      bytes: result.events.bytes,
      ends: result.events.ends.slice(0, events),
      records: result.events.records.slice(0, events),
    },
    rejections: result.rejections.filter((rejection) => rejection.record <= record),
    warnings: result.warnings.filter((warning) => warning.record <= record),
  };
}

function invalidRowError(origin: Origin, record: number, issues: readonly Issue[]): RunError {
  const place = placeOf(origin, record);
  const [first] = issues;
  const column = first?.column;
  const reasons = issues.map(formatIssue).join('; ');
  const remedy = first === undefined ? '' : `${ISSUES[first.code].fix} `;
  return new RunError(
    'invalid_row_stop',
    `row ${place.row} is invalid: ${reasons}. Nothing after it was read.`,
    {
      place: { ...place, ...(column !== undefined && { column }) },
      fix: `${remedy}Rows before it are delivered: correct the row, then export it with the rows after it; or set skip_invalid_records to true.`,
    },
  );
}

/** Counts the invalid among the first rows, chunk after chunk; tells once whether they are too many. */
function createFirstRows(): { readonly areInvalid: (result: ChunkResult) => boolean } {
  let rows = 0;
  let invalid = 0;
  return {
    areInvalid(result) {
      if (rows >= FIRST_ROWS) return false;
      for (const { outcome, record } of result.rejections) {
        if (outcome === 'invalid' && rows + record < FIRST_ROWS) invalid += 1;
      }
      rows += result.rows;
      return rows >= FIRST_ROWS && invalid > MOST_INVALID;
    },
  };
}

function mostlyInvalidError(consequence: string): RunError {
  return new RunError(
    'mostly_invalid',
    `more than ${MOST_INVALID} of the first ${FIRST_ROWS} rows are invalid. ${consequence}`,
  );
}

/** An absolute limit is enforced while reading; a percentage only at the end, when it means something. */
function rejectLimitError({ config, ledger }: RowFeedOptions): RunError | undefined {
  const limit = config.maxRejected;
  if (limit === undefined || !('rows' in limit)) return undefined;
  const { invalid, refused } = ledger.outcomes();
  if (invalid + refused <= limit.rows) return undefined;
  return new RunError(
    'too_many_rejected',
    `${invalid + refused} rows were rejected; the limit is ${limit.rows}`,
  );
}
