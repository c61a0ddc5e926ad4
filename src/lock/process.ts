import { readFileSync, readlinkSync } from 'node:fs';
import { codeOf } from '../files/fault.js';

/** One process among all that ever had its number. */
export type ProcessIdentity = {
  readonly pid: number;
  /** Tells processes with the same number apart; absent where the system does not say. */
  readonly startTime?: string;
};

/** The identity of this process. */
export function thisProcess(): ProcessIdentity {
  const startTime = startTimeOf(process.pid);
  return { pid: process.pid, ...(startTime !== undefined && { startTime }) };
}

/**
 * Whether that very process is still there: its number is in use and, where the system tells, by a process that
 * started at the same time. A process that has ended but was not collected by its parent counts as gone.
 */
export function isProcessAlive({ pid, startTime }: ProcessIdentity): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Anything but "no such process" means that there is one.
    if (codeOf(error) === 'ESRCH') return false;
  }
  const now = statOf(pid);
  if (now === undefined) return true;
  if (now.state === 'Z' || now.state === 'X') return false;
  return startTime === undefined || now.startTime === startTime;
}

function startTimeOf(pid: number): string | undefined {
  return statOf(pid)?.startTime;
}

/** From /proc, see proc_pid_stat(5): state is field 3, the start in clock ticks since boot is field 22. */
function statOf(pid: number): { readonly state: string; readonly startTime: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // Field 2 is the command in parentheses and may itself hold blanks and parentheses.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state = '', ticks = ''] = [fields[0], fields[19]];
    // Ticks count from boot, and process numbers from the start of a container: both belong to the identity.
    return { state, startTime: `${ticks}@${bootId()}@${readlinkSync('/proc/self/ns/pid')}` };
  } catch {
    return undefined;
  }
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
}
