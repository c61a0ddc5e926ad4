import type { Io } from './io.js';
import type { Output } from './output.js';

/** What commands are given: a way to run with the outside world and to leave an exit code behind. */
export type Context = {
  readonly perform: (action: (io: Io, out: Output) => Promise<number>) => Promise<void>;
};
