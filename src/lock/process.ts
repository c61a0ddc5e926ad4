import { readFileSync, readlinkSync } from 'node:fs';
import { codeOf } from '../files/fault.js';

/** One process among all that ever had its number. */
export type ProcessIdentity = {
  readonly pid: number;
  /**
   * Tells processes with the same number apart: `ticks@boot@namespace`, as far as the system says it. Absent where it
   * says nothing.
   */
  readonly startTime?: string;
};

/** The identity of this process. */
export function thisProcess(): ProcessIdentity {
  const startTime = startTimeOf(process.pid);
  return { pid: process.pid, ...(startTime !== undefined && { startTime }) };
}

/**
 * Whether process numbers mean the same to both: same boot, and same PID namespace. A container has a namespace of its own,
 * so its process 1 is another one than process 1 of the machine.
 */
export function sharesProcessNumbers(one: ProcessIdentity, other: ProcessIdentity): boolean {
  return numberSpaceOf(one) === numberSpaceOf(other);
}

function numberSpaceOf({ startTime = '' }: ProcessIdentity): string {
  const at = startTime.indexOf('@');
  return at < 0 ? '' : startTime.slice(at);
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
    // A namespace made without a /proc of its own still sees that of its parent, where numbers mean other processes.
    const isOwnProc = readlinkSync('/proc/self') === String(process.pid);
    if (!isOwnProc && pid !== process.pid) return undefined;
    const text = readFileSync(`/proc/${isOwnProc ? pid : 'self'}/stat`, 'latin1');
    // Field 2 is the command in parentheses and may itself hold blanks and parentheses.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state = '', ticks = ''] = [fields[0], fields[19]];
    return { state, startTime: `${ticks}@${bootId()}@${readlinkSync('/proc/self/ns/pid')}` };
  } catch {
    return undefined;
  }
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
}
