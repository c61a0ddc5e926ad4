import type { Writable } from 'node:stream';
import type { WriteStream } from 'node:tty';

import { RunError } from '../errors.js';
import { harmlessJson, withoutControls } from '../report/json-text.js';
import { createSecrets, scrubJson, type Secrets } from '../secrets.js';

/** Standard output for results. Awaiting `write` gives the reader's pace. */
export type Output = {
  readonly write: (text: string) => Promise<void>;
  /** As `write`, for JSON with cells that were asked for: nothing is taken out. No control character reaches a terminal. */
  readonly writeCells: (json: string) => Promise<void>;
  /** True when the reader has gone (`| head`); writing then does nothing. */
  readonly gone: () => boolean;
  /** Waits until everything is handed over. */
  readonly flush: () => Promise<void>;
};

/**
 * Wraps standard output, which is scrubbed of secrets. A reader that goes away is quiet, because that is how `head` works; any other failure
 * makes `write` and `flush` throw RunError output_io.
 */
export function createOutput(stream: Writable, secrets: Pick<Secrets, 'scrub'> = createSecrets()): Output {
  let gone = false;
  let failed = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') gone = true;
    else failed = true;
  });
  // Nobody can read what is written to a stream that was closed without an error; no event would end the wait for it.
  stream.on('close', () => {
    gone ||= !failed;
  });
  let draining: Promise<void> | undefined;
  // One wait for all: callers that do not await must not pile up listeners.
  const drained = (): Promise<void> => {
    draining ??= untilWritable(stream).finally(() => {
      draining = undefined;
    });
    return draining;
  };
  const failIfBroken = (): void => {
    if (failed) throw new RunError('output_io', 'writing to standard output failed');
  };
  const send = async (text: string): Promise<void> => {
    failIfBroken();
    if (gone || stream.write(text)) return;
    await drained();
    failIfBroken();
  };
  const { isTTY = false } = stream as Partial<WriteStream>;
  return {
    write: (text) => send(scrubJson(text, secrets)),
    writeCells: (json) => send(isTTY ? harmlessJson(json) : withoutControls(json)),
    gone: () => gone,
    flush: async () => {
      if (gone || failed || stream.destroyed) {
        failIfBroken();
        return;
      }
      await new Promise<void>((resolve) => {
        stream.write('', () => {
          resolve();
        });
      });
      // A write error is reported to the callback before it is to the listener.
      await new Promise(setImmediate);
      failIfBroken();
    },
  };
}

/** Resolves when the stream takes more, or never will. Whichever event comes, the listeners for all of them go: there is one wait after another. */
function untilWritable(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stream.off('drain', done).off('error', done).off('close', done);
      resolve();
    };
    stream.on('drain', done).on('error', done).on('close', done);
  });
}
