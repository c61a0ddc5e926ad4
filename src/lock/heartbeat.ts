import { beat, type Owner } from './claims.js';
import type { FileSystem } from '../files/fs.js';
import { sharesProcessNumbers, type ProcessIdentity } from './process.js';

/** How often the owner of a lock says that it is alive. */
const BEAT_MS = 10_000;
/** An owner that cannot be looked up by its number counts as gone when it said nothing for so long. */
const SILENCE_MS = 60_000;

/** Repeats a task without keeping the process alive; the result stops it. */
export type Every = (ms: number, task: () => void) => () => void;

/** What it takes to know whether an owner is alive. */
export type OwnerCheck = {
  readonly self: ProcessIdentity;
  /** Whether a process of this boot and PID namespace is still there. */
  readonly isAlive: (owner: ProcessIdentity) => boolean;
  /** Epoch ms. */
  readonly clock: () => number;
};

/**
 * Whether an owner still holds its lock. The system knows its own processes, suspended ones too. One of another container or
 * machine is alive while its heartbeat is younger than a minute; one from the future says that a clock is or was wrong.
 */
export function isOwnerAlive(owner: Owner, { self, isAlive, clock }: OwnerCheck): boolean {
  if (sharesProcessNumbers(owner, self)) return isAlive(owner);
  return Math.abs(clock() - owner.lastBeatMs) < SILENCE_MS;
}

/** For how long an owner of another container or machine still counts as alive, ms; `undefined` for other owners. */
export function aliveForMs(
  owner: Owner,
  { self, clock }: Pick<OwnerCheck, 'self' | 'clock'>,
): number | undefined {
  if (sharesProcessNumbers(owner, self)) return undefined;
  return Math.max(0, owner.lastBeatMs + SILENCE_MS - clock());
}

export type HeartbeatOptions = {
  readonly fs: FileSystem;
  readonly clock: () => number;
  readonly every: Every;
};

/** Renews the heartbeat of a claim until the result is called. One that fails is left to the next. */
export function startHeartbeat(claim: number, dir: string, options: HeartbeatOptions): () => void {
  const { fs, clock, every } = options;
  return every(BEAT_MS, () => {
    beat(claim, dir, clock(), fs).catch(() => undefined);
  });
}

/** The timer of the machine. */
export function everyUnref(ms: number, task: () => void): () => void {
  const timer = setInterval(task, ms);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
