import { Worker } from 'node:worker_threads';
import { RunError } from '../errors.js';
import type { Chunk } from '../types.js';
import {
  buffersOfTask,
  type Processed,
  type ThreadAnswer,
  type ThreadSetup,
  type ThreadTask,
} from './messages.js';

/** Processes chunks in threads. */
export type ChunkPool = {
  /** Resolves in whatever order the threads finish. The chunk is transferred: only the one given back may be read. */
  readonly process: (chunk: Chunk) => Promise<Processed>;
  /** Takes back the memory of a result that nobody reads any more; a thread writes over it. */
  readonly reuse: (room: ArrayBuffer) => void;
  /** Ends the threads; what they have not finished rejects. Safe to call twice. */
  readonly close: () => Promise<void>;
};

export type PoolOptions = ThreadSetup & {
  /** At least 1. */
  readonly threads: number;
  /** Module the threads run; tests put others in its place. */
  readonly module?: URL;
};

type Task = {
  readonly chunk: Chunk;
  readonly resolve: (processed: Processed) => void;
  readonly reject: (error: RunError) => void;
};

/** Starts threads. A thread that ends before it is told to fails every chunk, those of other threads too, with RunError `internal`. */
export function createChunkPool({ threads, setups, module = WORKER }: PoolOptions): ChunkPool {
  const waiting: Task[] = [];
  const idle: Worker[] = [];
  const busy = new Map<Worker, Task>();
  const spare: ArrayBuffer[] = [];
  let failure: RunError | undefined;
  const workers = Array.from({ length: threads }, () => startWorker());

  function startWorker(): Worker {
    const worker = new Worker(module, { workerData: { setups } satisfies ThreadSetup });
    worker.on('message', (answer: ThreadAnswer) => {
      finish(worker, answer);
    });
    // What the error says may quote a row.
    worker.on('error', (error) => {
      fail(new RunError('internal', `a thread failed (${nameOf(error)})`));
    });
    worker.on('exit', () => {
      fail(new RunError('internal', 'a thread ended before its work was done'));
    });
    idle.push(worker);
    return worker;
  }

  function finish(worker: Worker, answer: ThreadAnswer): void {
    const task = busy.get(worker);
    busy.delete(worker);
    idle.push(worker);
    if ('error' in answer) task?.reject(new RunError(answer.error.code, answer.error.message));
    else task?.resolve(answer);
    next();
  }

  function next(): void {
    while (waiting.length > 0 && idle.length > 0) {
      const worker = idle.shift();
      const task = waiting.shift();
      if (worker === undefined || task === undefined) return;
      busy.set(worker, task);
      const room = spare.pop();
      const message: ThreadTask = { chunk: task.chunk, ...(room !== undefined && { room }) };
      worker.postMessage(message, buffersOfTask(message));
    }
  }

  function fail(error: RunError): void {
    failure ??= error;
    for (const task of [...busy.values(), ...waiting.splice(0)]) task.reject(failure);
    busy.clear();
  }

  return {
    process(chunk) {
      if (failure !== undefined) return Promise.reject(failure);
      return new Promise((resolve, reject) => {
        waiting.push({ chunk, resolve, reject });
        next();
      });
    },
    reuse: (room) => void spare.push(room),
    async close() {
      fail(new RunError('internal', 'the threads are closed'));
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

const WORKER = new URL('worker.js', import.meta.url);

function nameOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && /^[A-Z_]{1,64}$/.test(code)) return code;
  return error instanceof Error ? error.name : typeof error;
}
