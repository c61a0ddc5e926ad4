import { execFileSync } from 'node:child_process';

/** The CLI tests run the built program, so the build is made once before any test starts. */
export default function build(): void {
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--incremental', '--tsBuildInfoFile', 'node_modules/.cache/build.tsbuildinfo'], {
    stdio: 'inherit',
  });
}
