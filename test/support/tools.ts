import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Path of the first of these programs that can be run, in PATH or, behind it, in `more` folders. */
export function firstProgram(names: readonly string[], more: readonly string[] = []): string | undefined {
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const folders = [...path, ...more];
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Empty when the tool is there; else what the title of a test that needs it says. */
export function missing(tool: string): string {
  return spawnSync(tool, ['--version']).status === 0 ? '' : ` (NOT RUN: ${tool} is not installed)`;
}

/** Empty when a file system can be mounted; else what the title of a test that needs it says. */
export function missingMount(): string {
  const path = mkdtempSync(join(tmpdir(), 'snapcapi-test-mount-'));
  const mounted = spawnSync('mount', tmpfs(path, '4k')).status === 0;
  if (mounted) spawnSync('umount', [path]);
  rmSync(path, { recursive: true, force: true });
  return mounted ? '' : ' (NOT RUN: mounting a tmpfs needs root)';
}

/** A small disk. */
type SmallDisk = {
  readonly path: string;
  /** Gives it another size, such as `1m`. */
  readonly resize: (size: string) => void;
};

/** Gives `work` a file system of 64 KB at a path that does not exist yet, and unmounts it afterwards. */
export async function onSmallDisk(path: string, work: (disk: SmallDisk) => Promise<void>): Promise<void> {
  mkdirSync(path, { mode: 0o700 });
  run('mount', tmpfs(path, '64k'));
  try {
    await work({
      path,
      resize: (size) => {
        run('mount', ['-o', `remount,size=${size}`, path]);
      },
    });
  } finally {
    run('umount', [path]);
  }
}

function tmpfs(path: string, size: string): readonly string[] {
  return ['-t', 'tmpfs', '-o', `size=${size},mode=0700`, 'tmpfs', path];
}

function run(command: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args);
  if (status !== 0) throw new Error(`${command} failed: ${stderr.toString()}`);
}
