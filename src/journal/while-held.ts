import { RunError } from '../errors.js';
import { journalIo } from './fault.js';
import type { Lock } from './lock.js';
import type { Journal } from './writer.js';

/**
 * Throws RunError lock_lost when another process has taken over the lock, which it may after this one was suspended for long;
 * journal_io when that cannot be found out.
 */
export async function checkHeld({ isHeld }: Lock): Promise<void> {
  const held = await isHeld().catch((error: unknown) => {
    throw journalIo('reading the lock', error);
  });
  if (!held)
    throw new RunError('lock_lost', 'another process took over the run while this one was suspended');
}

/**
 * The journal, but every line is written only while the lock is held: two writers would damage each other's lines. Lines
 * stay in the order of the calls.
 */
export function whileHeld(journal: Journal, lock: Lock): Journal {
  let earlier: Promise<void> = Promise.resolve();

  async function inTurn(write: () => Promise<void>): Promise<void> {
    const checked = earlier.then(() => checkHeld(lock));
    earlier = checked.catch(() => undefined);
    await checked;
    await write();
  }

  return {
    ...journal,
    intent: (record) => inTurn(() => journal.intent(record)),
    ack: (record) => inTurn(() => journal.ack(record)),
    nack: (record) => inTurn(() => journal.nack(record)),
    end: (record) => inTurn(() => journal.end(record)),
  };
}
