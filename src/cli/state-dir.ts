import { homedir } from 'node:os';

import { stateDir } from '../journal/state-dir.js';
import type { Io } from './io.js';

/** Where runs are remembered: what --state-dir says, else the environment, else the usual place. */
export function stateDirOf({ stateDir: flag }: { readonly stateDir?: string }, { env }: Io): string {
  return stateDir({ flag, env, home: homedir, platform: process.platform });
}
