import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The tests of the command line run the built program, so dist/ is brought up to date once, before any test. */
export default function build(): void {
  execFileSync(process.execPath, [fileURLToPath(new URL('../../scripts/build.mjs', import.meta.url))], {
    stdio: 'inherit',
  });
}
