import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './cli.js';

type Ranges = Readonly<Record<string, string>>;

export type Manifest = {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly scripts?: Ranges;
  readonly dependencies?: Ranges;
  readonly devDependencies?: Ranges;
};

/** One package of the lock. `resolved` is absent where npm is told to leave it out. */
export type LockEntry = {
  readonly version: string;
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly license?: string;
  readonly dependencies?: Ranges;
  readonly optionalDependencies?: Ranges;
  readonly devDependencies?: Ranges;
};

/** A package of the lock with its folder, such as `node_modules/pino`. */
export type Locked = readonly [path: string, entry: LockEntry];

/** A text file of the project; `path` starts at its root. */
export function readText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** A JSON file of the project. */
export function readJson(path: string): unknown {
  return JSON.parse(readText(path));
}

/** What npm answers in JSON, run in the root of the project. Throws when it fails. */
export function npm(args: readonly string[]): unknown {
  const output = execFileSync('npm', [...args], {
    cwd: ROOT,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 64 << 20,
  });
  return JSON.parse(output);
}

/** The manifest, the lock's copy of it, and all packages of the lock. */
export function readLock(): {
  readonly root: LockEntry;
  readonly all: readonly Locked[];
  readonly production: readonly Locked[];
} {
  const { packages } = readJson('package-lock.json') as { readonly packages: Record<string, LockEntry> };
  const { '': root, ...others } = packages;
  if (root === undefined) throw new Error('package-lock.json has no root');
  const all = Object.entries(others);
  return { root, all, production: all.filter(([, entry]) => entry.dev !== true) };
}

/** `@pinojs/redact` of `node_modules/pino/node_modules/@pinojs/redact`. */
export function packageName(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}
