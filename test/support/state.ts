import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = mkdtempSync(join(tmpdir(), 'snapcapi-test-state-'));
process.on('exit', () => {
  rmSync(ROOT, { recursive: true, force: true });
});

let count = 0;

/** A place for a state directory that no other run of the tests uses: runs must not find each other. */
export function freshStateDir(): string {
  count += 1;
  return join(ROOT, String(count));
}
