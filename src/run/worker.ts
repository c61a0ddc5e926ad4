import { parentPort, workerData } from 'node:worker_threads';
import { RunError } from '../errors.js';
import type { Chunk } from '../types.js';
import { createScratch, giveBack } from './collect.js';
import {
  buffersOfChunk,
  buffersOfResult,
  type ThreadAnswer,
  type ThreadSetup,
  type ThreadTask,
} from './messages.js';
import { createChunkProcessor, type ChunkProcessor } from './process-chunk.js';

/** A thread that processes chunk after chunk. It knows the setups it was started with, and nothing of tokens or networks. */
const { setups } = workerData as ThreadSetup;
const processors = new Map<number, ChunkProcessor>();
const scratch = createScratch();

function processorOf(input: number): ChunkProcessor {
  const known = processors.get(input);
  if (known !== undefined) return known;
  const setup = setups[input];
  if (setup === undefined) throw new RunError('internal', `a thread got a chunk of input ${input}`);
  const made = createChunkProcessor(setup, scratch);
  processors.set(input, made);
  return made;
}

function answerTo(chunk: Chunk): ThreadAnswer {
  try {
    return { chunk, result: processorOf(chunk.input)(chunk) };
  } catch (error) {
    if (error instanceof RunError) return { error: { code: error.code, message: error.message } };
    throw error;
  }
}

parentPort?.on('message', ({ chunk, room }: ThreadTask) => {
  if (room !== undefined) giveBack(scratch, room);
  const answer = answerTo(chunk);
  const buffers =
    'error' in answer ? [] : [...buffersOfChunk(answer.chunk), ...buffersOfResult(answer.result)];
  parentPort?.postMessage(answer, buffers);
});
