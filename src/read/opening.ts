import type { Blocks } from './blocks.js';
import type { OpenedInput, ReadOptions } from './types.js';

/** An input whose text is decoded and whose format is known. */
export type Opening = {
  readonly name: string;
  readonly index: number;
  readonly blocks: Blocks;
  readonly options: ReadOptions;
};

/** What the format decides; the rest of an opened input is the same for all. */
export type Records = Pick<
  OpenedInput,
  | 'format'
  | 'dialect'
  | 'header'
  | 'headerLine'
  | 'headerBytes'
  | 'empty'
  | 'warnings'
  | 'lateWarnings'
  | 'chunks'
  | 'reuse'
>;
