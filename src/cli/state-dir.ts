import { homedir } from 'node:os';

import { shellQuote } from '../files/private.js';
import { stateDir } from '../journal/state-dir.js';
import type { Io } from './io.js';

/** The flag with which another command finds the same runs, after a blank; empty when none was given. */
export function stateDirFlag({ stateDir }: { readonly stateDir?: string }): string {
  return stateDir === undefined ? '' : ` --state-dir ${shellQuote(stateDir)}`;
}

/** Where runs are remembered: what --state-dir says, else the environment, else the usual place. */
export function stateDirOf({ stateDir: flag }: { readonly stateDir?: string }, { env }: Io): string {
  return stateDir({ flag, env, home: homedir, platform: process.platform });
}
