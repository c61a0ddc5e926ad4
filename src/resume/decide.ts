import type { Config } from '../config.js';
import { RunError } from '../errors.js';
import type { PeekedRun } from '../journal/peek.js';
import type { RunFacts, RunInput } from '../journal/types.js';
import { quoteName } from '../printable.js';
import { DAY_MS } from '../time-units.js';
import { changedSettings, type Effect } from './settings.js';

/** What the command at hand would make a run from. */
export type Wanted = Pick<RunFacts, 'transformVersion' | 'settings'> & {
  readonly inputs: readonly RunInput[];
  /** The as-of time, when the user named one; else the run's own counts. */
  readonly asOfMs: number | undefined;
  /** Epoch ms. */
  readonly nowMs: number;
  /** Start over, whatever went before; but resume a run that was begun so and is unfinished. */
  readonly force: boolean;
  readonly onUnfinished: Config['onUnfinished'];
  /** Test events are counted nowhere, so they are never delivered for good. */
  readonly testEvents: boolean;
};

/** A run of the job as the decision needs it. */
export type KnownRun = PeekedRun & {
  /** It did not end by itself, or it ended so that the same command resumes it; and no later command gave it up. */
  readonly isOpen: boolean;
  /** Whether none of its events may have reached the API. */
  readonly isUntouched: boolean;
  /** Whether its rows can still be read: its copy of standard input, or its files as they were. */
  readonly isReadable: boolean;
};

export type Decision<Run extends KnownRun = KnownRun> = {
  /** What becomes of the rows given: a new run, the run that goes on with them, or nothing because they were delivered. */
  readonly own: { readonly do: 'start' } | { readonly do: 'resume' | 'nothing'; readonly known: Run };
  /** Runs to be finished first, oldest first. */
  readonly finish: readonly Run[];
  readonly close: readonly Closing<Run>[];
};

/** A run that is given up. */
export type Closing<Run extends KnownRun = KnownRun> = {
  readonly known: Run;
  /** Why, in words. */
  readonly reason: string;
  /** Whether nobody asked for it, and rows of it may never be sent. */
  readonly isLoss: boolean;
};

/**
 * What to do about the runs of a job, given oldest first. Throws RunError `run_changed` when an unfinished run would be given up
 * without having been asked, and `settings_changed` when delivered rows would be sent again as other events.
 */
export function decide<Run extends KnownRun>(runs: readonly Run[], wanted: Wanted): Decision<Run> {
  const open = runs.filter((known) => known.isOpen);
  if (wanted.force) return forced(runs, open, wanted);
  const same = runs.findLast(({ run }) => changedInputs(run, wanted).length === 0);
  const fate = same === undefined ? 'start' : fateOf(same, wanted);
  const own: Decision<Run>['own'] =
    same === undefined || fate === 'start' ? START : { do: fate, known: same };
  const others = open.filter((known) => known !== same);
  const replaced = open.filter((known) => known === same && fate === 'start').map(closing('it starts over'));
  if (wanted.onUnfinished === 'refuse' && others[0] !== undefined) throw refused(others[0], wanted);
  if (wanted.onUnfinished === 'start-over')
    return { own, finish: [], close: [...others.map(closing('the command starts over')), ...replaced] };
  const lost = others.flatMap((known): readonly Closing<Run>[] => {
    const reason = hindrance(known, wanted);
    return reason === undefined ? [] : [{ known, reason, isLoss: true }];
  });
  const finish = others.filter((known) => !lost.some((one) => one.known === known));
  return { own, finish, close: [...lost, ...replaced] };
}

/** A forced run that was interrupted is resumed by the same command; everything else gives way to a new run. */
function forced<Run extends KnownRun>(
  runs: readonly Run[],
  open: readonly Run[],
  wanted: Wanted,
): Decision<Run> {
  const same = runs.findLast(
    ({ run, end }) =>
      run.forced === true &&
      run.retryOf === undefined &&
      end?.status !== 'complete' &&
      differences(run, wanted).length === 0,
  );
  const close = open.filter((known) => known !== same).map(closing('the new run was forced'));
  return { own: same === undefined ? START : { do: 'resume', known: same }, finish: [], close };
}

const START = { do: 'start' } as const;

function closing(reason: string): <Run extends KnownRun>(known: Run) => Closing<Run> {
  return (known) => ({ known, reason, isLoss: false });
}

/** What becomes of rows that an earlier run had. */
function fateOf(same: KnownRun, wanted: Wanted): 'start' | 'resume' | 'nothing' {
  const { run, end } = same;
  const changes = changedRules(run, wanted);
  if (end?.status === 'complete') {
    const sentNothing = run.retryOf === undefined && (end.outcomes['sent'] ?? 0) === 0;
    if (wanted.testEvents || sentNothing) return 'start';
    if (changes.length === 0) return 'nothing';
    throw resent(run, changes);
  }
  // A run that the input itself stopped is over: the user was told to correct the input or the limits.
  if (end?.status === 'stopped') {
    const stops = changedSettings(run.settings, wanted.settings, ['stops']);
    if (hadWrongClock(run, wanted) && (end.outcomes['sent'] ?? 0) === 0) return 'start';
    return changes.length + stops.length === 0 ? 'resume' : 'start';
  }
  if (!same.isOpen) return 'start';
  if (same.isUntouched && hadWrongClock(run, wanted)) return 'start';
  if (changes.length === 0) return 'resume';
  if (same.isUntouched || wanted.onUnfinished === 'start-over') return 'start';
  throw changed(run, changes);
}

/**
 * Whether a run took its as-of time from a clock that is a day or more away from now. Resuming it would find its rows too old or in
 * the future for ever; one that sent nothing starts over with the time of now.
 */
function hadWrongClock({ createdMs, asOfMs }: RunFacts, { asOfMs: wantedMs, nowMs }: Wanted): boolean {
  return wantedMs === undefined && asOfMs === createdMs && Math.abs(nowMs - createdMs) >= DAY_MS;
}

/** Why a run cannot be finished before another one, in words. */
function hindrance({ run, isReadable }: KnownRun, wanted: Wanted): string | undefined {
  if (!isReadable) return 'its rows can no longer be read';
  const changes = changedRules(run, { ...wanted, asOfMs: undefined });
  return changes.length === 0 ? undefined : `since it began there changed: ${changes.join(', ')}`;
}

/** What a retry has to agree in with the run it retries, in words. */
export function differences(
  before: RunFacts,
  now: Parameters<typeof changedRules>[1] & Pick<Wanted, 'inputs'>,
) {
  return [...changedInputs(before, now), ...changedRules(before, now)];
}

function changedInputs(before: RunFacts, now: Pick<Wanted, 'inputs'>): readonly string[] {
  if (before.inputs.length !== now.inputs.length) return ['the number of inputs'];
  return now.inputs.flatMap(({ name, fingerprint, sampled }, index) => {
    const known = before.inputs[index]?.fingerprint;
    return known === fingerprint || known === sampled ? [] : [`the input ${quoteName(name)}`];
  });
}

const EVENTS: readonly Effect[] = ['events'];

/** What would make other events of the same rows, in words. */
function changedRules(
  before: RunFacts,
  now: Pick<Wanted, 'transformVersion' | 'settings' | 'asOfMs'>,
): readonly string[] {
  const changes: string[] = [];
  if (before.transformVersion !== now.transformVersion)
    changes.push('the rules of this version of the program');
  if (now.asOfMs !== undefined && now.asOfMs !== before.asOfMs) changes.push('the as-of time');
  for (const name of changedSettings(before.settings, now.settings, EVENTS))
    changes.push(`the setting ${name}`);
  return changes;
}

function refused({ run }: KnownRun, wanted: Wanted): RunError {
  const changes = differences(run, { ...wanted, asOfMs: undefined });
  return new RunError(
    'run_changed',
    `the run ${run.runId} of this job is unfinished, and since it began there changed: ${changes.join(', ')}`,
    { fix: 'Run with the input it began with, or with --on-unfinished resume-first or start-over.' },
  );
}

function changed({ runId }: RunFacts, changes: readonly string[]): RunError {
  return new RunError(
    'run_changed',
    `the run ${runId} of this input is unfinished, and since it began there changed: ${changes.join(', ')}`,
    {
      fix: 'Run with the config and as-of time it began with to resume it; or add --force to start over: rows that it delivered are then sent again.',
    },
  );
}

function resent({ runId }: RunFacts, changes: readonly string[]): RunError {
  return new RunError(
    'settings_changed',
    `this input was delivered by the run ${runId}, and since then there changed: ${changes.join(', ')}`,
  );
}
