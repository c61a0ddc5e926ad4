import type { JournalFs } from '../../src/journal/fs.js';

/** Lets one of the actors do some operations in a row: long pauses of the others are what breaks locks. */
export type Burst = { readonly who: number; readonly steps: number };

type Waiting = { readonly go: () => Promise<void> };

export type Stage = {
  /** A file system whose every operation waits until it is this actor's turn. */
  readonly fsOf: (actor: number) => JournalFs;
  /** Adds an actor, who is killed before its operation number `dieAt`. */
  readonly enter: (actor: number, play: () => Promise<void>, dieAt: number | undefined) => void;
  /** Plays until all actors are through or dead, over and over by the same plan. */
  readonly run: (plan: readonly Burst[]) => Promise<void>;
  readonly born: (actor: number, pid: number) => void;
  readonly dies: (pid: number) => void;
  readonly isAlive: (owner: { readonly pid: number }) => boolean;
  readonly holds: (pid: number) => void;
  readonly letsGo: (pid: number) => void;
  readonly lost: () => void;
  readonly random: () => number;
  /** The largest number of living processes that held the lock at once. */
  readonly worst: () => number;
  readonly wins: () => number;
  readonly losses: () => number;
  readonly deaths: () => number;
};

/** Runs several actors so that exactly one file-system operation happens at a time, in a chosen order. */
export function createStage(fs: JournalFs): Stage {
  const waiting = new Map<number, Waiting>();
  const acting = new Map<number, Promise<void>>();
  const dieAt = new Map<number, number>();
  const operations = new Map<number, number>();
  const current = new Map<number, number>();
  const alive = new Set<number>();
  const holders = new Set<number>();
  const count = { worst: 0, wins: 0, losses: 0, deaths: 0, random: 0 };
  const problems: unknown[] = [];

  function turn<T>(actor: number, operate: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      waiting.set(actor, { go: () => operate().then(resolve, reject) });
    });
  }

  async function next(actor: number): Promise<void> {
    const number = operations.get(actor) ?? 0;
    operations.set(actor, number + 1);
    const { go } = waiting.get(actor)!;
    waiting.delete(actor);
    if (number === dieAt.get(actor)) {
      // Its promise stays pending for ever, as the rest of a killed process does.
      const pid = current.get(actor) ?? 0;
      alive.delete(pid);
      holders.delete(pid);
      acting.delete(actor);
      count.deaths += 1;
      return;
    }
    await go();
  }

  /** Actors do nothing but file-system operations, so after a moment all of them wait again or are through. */
  async function readyActors(): Promise<readonly number[]> {
    await new Promise((resolve) => setImmediate(resolve));
    return [...waiting.keys()].filter((actor) => acting.has(actor)).sort();
  }

  async function run(plan: readonly Burst[]): Promise<void> {
    for (let burst = 0; ; burst += 1) {
      const { who, steps } = plan[burst % plan.length]!;
      const ready = await readyActors();
      const actor = ready[who % ready.length];
      if (actor === undefined) break;
      for (let step = 0; step < steps && (await readyActors()).includes(actor); step += 1) await next(actor);
    }
    if (problems.length > 0) throw problems[0];
    if (acting.size > 0) throw new Error('an actor is stuck');
  }

  return {
    fsOf: (actor) => ({
      open: async (path, mode) => {
        const file = await turn(actor, () => fs.open(path, mode));
        return {
          ...file,
          write: (bytes) => turn(actor, () => file.write(bytes)),
          read: (into, position) => turn(actor, () => file.read(into, position)),
          touch: (atMs) => turn(actor, () => file.touch(atMs)),
          close: () => turn(actor, () => file.close()),
        };
      },
      mkdir: (path) => turn(actor, () => fs.mkdir(path)),
      rename: (from, to) => turn(actor, () => fs.rename(from, to)),
      unlink: (path) => turn(actor, () => fs.unlink(path)),
      rmdir: (path) => turn(actor, () => fs.rmdir(path)),
      syncDir: (path) => turn(actor, () => fs.syncDir(path)),
      readdir: (path) => turn(actor, () => fs.readdir(path)),
      lstat: (path) => turn(actor, () => fs.lstat(path)),
    }),
    enter: (actor, play, at) => {
      if (at !== undefined) dieAt.set(actor, at);
      const through = play()
        .catch((error: unknown) => problems.push(error))
        .then(() => void acting.delete(actor));
      acting.set(actor, through);
    },
    run,
    born: (actor, pid) => {
      current.set(actor, pid);
      alive.add(pid);
    },
    dies: (pid) => {
      if (alive.delete(pid)) count.deaths += 1;
    },
    isAlive: ({ pid }) => alive.has(pid),
    holds: (pid) => {
      holders.add(pid);
      count.wins += 1;
      count.worst = Math.max(count.worst, holders.size);
    },
    letsGo: (pid) => void holders.delete(pid),
    lost: () => void (count.losses += 1),
    random: () => {
      count.random += 1;
      return count.random / 1e6;
    },
    worst: () => count.worst,
    wins: () => count.wins,
    losses: () => count.losses,
    deaths: () => count.deaths,
  };
}
