import { setFlagsFromString } from 'node:v8';

/** From the first size that V8 gives the young generation, 1 MB, to the largest, 16 MB. */
const GROWTH = 16;

/**
 * Lets V8 give the young generation of this process and its threads its full size the first time it grows. Rows make short-lived
 * text and little else, so V8 would double the size only now and then over millions of rows, collecting too often until then; and
 * memory would not level off. For a process of our own, not for a library: the setting is one of the whole process. V8 reads it each
 * time the young generation grows, so it is safe to set while the program runs.
 */
export function growYoungGenerationAtOnce(): void {
  setFlagsFromString(`--semi-space-growth-factor=${GROWTH}`);
}
