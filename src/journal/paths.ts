import { hash } from 'node:crypto';
import { join } from 'node:path';

/** What a slot is made from: all that tells one unattended job from another. */
export type SlotParts = (
  | { readonly job: string }
  | {
      /** Real path of the config file, or `inline`. */
      readonly config: string;
      /** Absolute paths in the order given; `stdin` for standard input, a pipe or a device. */
      readonly inputs: readonly string[];
    }
) & {
  readonly eventSourceId: string;
  readonly endpoint: 'events' | 'validate';
  readonly apiHost: string;
};

/** The directory name under which the commands of one job find their runs again: 16 hexadecimal characters. */
export function slotOf({ eventSourceId, endpoint, apiHost, ...names }: SlotParts): string {
  const job = 'job' in names ? ['job', names.job] : ['inputs', names.config, names.inputs];
  return hash('sha256', JSON.stringify([...job, eventSourceId, endpoint, apiHost]), 'hex').slice(0, 16);
}

/** A name for a run that sorts by time (UTC): `20261123T133000-4f9a`. `random` gives numbers from 0 up to 1. */
export function makeRunId(nowMs: number, random: () => number): string {
  const [date = '', time = ''] = new Date(nowMs).toISOString().split(/[T.]/);
  const suffix = Math.floor(random() * 0x10000)
    .toString(16)
    .padStart(4, '0');
  return `${date.replaceAll('-', '')}T${time.replaceAll(':', '')}-${suffix}`;
}

/** The same for a run that has to sort after an earlier one, which may have begun in the same second. */
export function makeRunIdAfter(earlier: string | undefined, nowMs: number, random: () => number): string {
  let atMs = nowMs;
  let runId = makeRunId(atMs, random);
  while (earlier !== undefined && runId <= earlier) {
    atMs = Math.max(atMs, timeOf(earlier)) + 1000;
    runId = makeRunId(atMs, random);
  }
  return runId;
}

/** When a run of this name began, epoch ms, to the second. */
export function timeOf(runId: string): number {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)/.exec(runId) ?? [];
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
}

/** Whether a name is one that `makeRunId` gives. */
export function isRunId(name: string): boolean {
  return /^\d{8}T\d{6}-[0-9a-f]{4}$/.test(name);
}

export type RunPaths = {
  readonly runId: string;
  readonly dir: string;
  readonly journal: string;
  readonly spool: string;
};

/** The directory of all slots. */
export function runsDirOf(stateDir: string): string {
  return join(stateDir, 'runs');
}

/** The directory that holds the runs and the lock of one slot. */
export function slotDirOf(stateDir: string, slot: string): string {
  return join(runsDirOf(stateDir), slot);
}

/** Where the files of one run are. */
export function runPathsOf(slotDir: string, runId: string): RunPaths {
  const dir = join(slotDir, runId);
  return { runId, dir, journal: join(dir, 'journal.jsonl'), spool: join(dir, 'spool') };
}
