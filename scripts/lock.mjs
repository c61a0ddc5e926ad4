import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root folder of the project. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

const LOCK = join(tmpdir(), `snapcapi-setup-${createHash('sha256').update(ROOT).digest('hex').slice(0, 16)}`);
const OWNER = join(LOCK, 'pid');
const PAUSE_MS = 100;
const PATIENCE_MS = 10 * 60_000;

/** Runs `work` while no other process of this clone installs or builds; waits for up to ten minutes. */
export function withLock(work) {
  acquire();
  try {
    return work();
  } finally {
    rmSync(LOCK, { recursive: true, force: true });
  }
}

function acquire() {
  const deadline = Date.now() + PATIENCE_MS;
  while (!tryToTake()) {
    if (!ownerIsAlive()) {
      rmSync(LOCK, { recursive: true, force: true });
      continue;
    }
    if (Date.now() > deadline) throw new Error(`Another setup is still running. If not, remove ${LOCK}`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
  }
}

function tryToTake() {
  try {
    mkdirSync(LOCK);
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
  writeFileSync(OWNER, String(process.pid));
  return true;
}

function ownerIsAlive() {
  let pid;
  try {
    pid = Number(readFileSync(OWNER, 'utf8'));
  } catch {
    // The owner is between making the folder and writing its number, or has just finished.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    try {
      pid = Number(readFileSync(OWNER, 'utf8'));
    } catch {
      return false;
    }
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
