import type { RunEvent } from '../events.js';
import { formatCount, formatDuration } from '../report/format.js';
import type { Io } from './io.js';
import { isLive } from './terminal.js';

const REDRAW_MS = 200;
const LINE_MS = 30_000;
const CLEAR = '\r\u001b[2K';

/** What is counted while a run goes on. */
export type ProgressState = {
  rows: number;
  sent: number;
  rejected: number;
  retries: number;
  /** Bytes taken so far, by input. */
  readonly bytes: Map<string, number>;
};

/** Shows how far a run is: one line redrawn on a terminal, a line every 30 s elsewhere. */
export type Progress = {
  readonly observe: (event: RunEvent) => void;
  /** Writes a message without mixing it into the redrawn line. */
  readonly say: (text: string) => void;
  readonly stop: () => void;
};

export type ProgressOptions = {
  /** Size of all inputs, when it is known: gives the time left. */
  readonly totalBytes: number | undefined;
  /** Shows nothing. */
  readonly silent: boolean;
  /** Takes the counts instead of a line for people. */
  readonly report?: (counts: Omit<ProgressState, 'bytes'>) => void;
};

/** Begins to show progress. */
export function startProgress(io: Io, options: ProgressOptions): Progress {
  const { totalBytes, report } = options;
  const state: ProgressState = { rows: 0, sent: 0, rejected: 0, retries: 0, bytes: new Map() };
  const startedMs = io.clock();
  let drawn = false;
  const line = (): string => progressLine(state, io.clock() - startedMs, totalBytes);
  const clear = (): void => {
    if (drawn) io.stderr.write(CLEAR);
    drawn = false;
  };
  const startTimer = (): (() => void) => {
    if (options.silent) return () => undefined;
    if (report !== undefined) {
      return io.every(LINE_MS, () => {
        const { rows, sent, rejected, retries } = state;
        report({ rows, sent, rejected, retries });
      });
    }
    if (!isLive(io)) return io.every(LINE_MS, () => io.stderr.write(`${line()}\n`));
    return io.every(REDRAW_MS, () => {
      io.stderr.write(`${CLEAR}${line()}`);
      drawn = true;
    });
  };
  const stopTimer = startTimer();
  return {
    observe: (event) => {
      count(state, event);
    },
    say: (text) => {
      clear();
      io.stderr.write(text);
    },
    stop: () => {
      stopTimer();
      clear();
    },
  };
}

function count(state: ProgressState, event: RunEvent): void {
  if (event.type === 'rows_read') {
    state.rows += event.rows;
    state.bytes.set(event.file, event.bytes);
  } else if (event.type === 'rows_sent') state.sent += event.rows;
  else if (event.type === 'row_rejected') state.rejected += 1;
  else if (event.type === 'attempt' && event.attempt.verdict === 'retry') state.retries += 1;
}

/** The progress in one line, without names and values of the input. */
export function progressLine(
  state: ProgressState,
  elapsedMs: number,
  totalBytes: number | undefined,
): string {
  const perSecond = elapsedMs < 500 ? 0 : Math.round(state.rows / (elapsedMs / 1000));
  const parts = [
    `${formatCount(state.rows)} rows`,
    ...(perSecond === 0 ? [] : [`${formatCount(perSecond)} rows/s`]),
    `${formatCount(state.sent)} sent`,
    `${formatCount(state.rejected)} rejected`,
    ...(state.rows > state.sent + state.rejected
      ? [`${formatCount(state.rows - state.sent - state.rejected)} in flight`]
      : []),
    ...(state.retries === 0 ? [] : [`${formatCount(state.retries)} retries`]),
    ...timeLeft(state, elapsedMs, totalBytes),
  ];
  return parts.join(', ');
}

function timeLeft(
  state: ProgressState,
  elapsedMs: number,
  totalBytes: number | undefined,
): readonly string[] {
  let bytes = 0;
  for (const one of state.bytes.values()) bytes += one;
  if (totalBytes === undefined || bytes === 0 || totalBytes === 0) return [];
  const share = Math.min(1, bytes / totalBytes);
  const percent = `${Math.floor(share * 100)} %`;
  if (elapsedMs < 2000 || share === 1) return [percent];
  return [percent, `about ${formatDuration((elapsedMs / share) * (1 - share))} left`];
}
