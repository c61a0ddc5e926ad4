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
  /** Processes the oldest chunk that no thread has got yet on the spot. Gives whether there was one. */
  readonly help: (process: (chunk: Chunk) => Processed) => boolean;
  /** Ends the threads; what they have not finished rejects. Safe to call twice. */
  readonly close: () => Promise<void>;
};

export type PoolOptions = ThreadSetup & {
  /** At least 1. */
  readonly threads: number;
  /** Gives memory that nobody reads any more; a thread writes over it. */
  readonly takeRoom: () => ArrayBuffer | undefined;
  /** Module the threads run; tests put others in its place. */
  readonly module?: URL;
};

type Task = {
  readonly chunk: Chunk;
  readonly resolve: (processed: Processed) => void;
  readonly reject: (error: unknown) => void;
};

/** A thread and what it was given and has not answered, in this order. */
type Thread = { readonly worker: Worker; readonly tasks: Task[] };

/** So many chunks a thread has at most: the next is there already when it is done with one. */
const MOST_TASKS = 2;

/** Starts threads. A thread that ends before it is told to fails every chunk, those of other threads too, with RunError `internal`. */
export function createChunkPool({ threads, setups, takeRoom, module = WORKER }: PoolOptions): ChunkPool {
  const waiting: Task[] = [];
  let failure: RunError | undefined;
  const started = Array.from({ length: threads }, () => startThread());

  function startThread(): Thread {
    // The environment may hold tokens, and no thread needs any of it.
    const worker = new Worker(module, { workerData: { setups } satisfies ThreadSetup, env: {} });
    const thread: Thread = { worker, tasks: [] };
    worker.on('message', (answer: ThreadAnswer) => {
      finish(thread, answer);
    });
    // What the error says may quote a row.
    worker.on('error', (error) => {
      fail(new RunError('internal', `a thread failed (${nameOf(error)})`));
    });
    worker.on('exit', () => {
      fail(new RunError('internal', 'a thread ended before its work was done'));
    });
    return thread;
  }

  function finish({ tasks }: Thread, answer: ThreadAnswer): void {
    const task = tasks.shift();
    if ('error' in answer) task?.reject(new RunError(answer.error.code, answer.error.message));
    else task?.resolve(answer);
    next();
  }

  function next(): void {
    for (;;) {
      const thread = leastBusy(started);
      if (thread === undefined || thread.tasks.length >= MOST_TASKS) return;
      const [task] = waiting;
      if (task === undefined) return;
      const room = takeRoom();
      const message: ThreadTask = { chunk: task.chunk, ...(room !== undefined && { room }) };
      thread.worker.postMessage(message, buffersOfTask(message));
      thread.tasks.push(task);
      waiting.shift();
    }
  }

  function fail(error: RunError): void {
    failure ??= error;
    const open = [...started.flatMap(({ tasks }) => tasks.splice(0)), ...waiting.splice(0)];
    for (const task of open) task.reject(failure);
  }

  return {
    process(chunk) {
      if (failure !== undefined) return Promise.reject(failure);
      return new Promise((resolve, reject) => {
        waiting.push({ chunk, resolve, reject });
        next();
      });
    },
    help(process) {
      const task = waiting.shift();
      if (task === undefined) return false;
      try {
        task.resolve(process(task.chunk));
      } catch (error) {
        task.reject(error);
      }
      return true;
    },
    async close() {
      fail(new RunError('internal', 'the threads are closed'));
      await Promise.all(started.map(({ worker }) => worker.terminate()));
    },
  };
}

const WORKER = new URL('worker.js', import.meta.url);

function leastBusy(threads: readonly Thread[]): Thread | undefined {
  return threads.reduce<Thread | undefined>(
    (least, thread) => (least === undefined || thread.tasks.length < least.tasks.length ? thread : least),
    undefined,
  );
}

function nameOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code === 'string' && /^[A-Z_]{1,64}$/.test(code)) return code;
  return error instanceof Error ? error.name : typeof error;
}
