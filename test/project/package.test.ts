import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/cli.js';

type Manifest = {
  readonly version: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};
type Tree = { readonly dependencies?: Readonly<Record<string, Tree>> };
type Packed = { readonly files: readonly { readonly path: string }[] };
type Lock = { readonly packages: Readonly<Record<string, LockEntry>> };
type LockEntry = { readonly dev?: boolean; readonly hasInstallScript?: boolean; readonly integrity?: string };

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
}

function npm(args: readonly string[]): unknown {
  const output = execFileSync('npm', [...args], {
    cwd: ROOT,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return JSON.parse(output);
}

const manifest = readJson('package.json') as Manifest;

describe('the packed package', () => {
  const [packed] = npm(['pack', '--dry-run', '--json', '--ignore-scripts']) as readonly Packed[];
  const paths = (packed?.files ?? []).map((file) => file.path);

  it.each([
    'package.json',
    'README.md',
    'LICENSE',
    'CHANGELOG.md',
    'bin/snapcapi.js',
    'dist/index.js',
    'dist/index.d.ts',
    'dist/cli/main.js',
    'docs/fields.md',
    'docs/config.schema.json',
  ])('has %s', (path) => {
    expect(paths).toContain(path);
  });

  it('has nothing else than the program and its documentation', () => {
    expect(paths.filter((path) => !/^(bin|dist|docs)\/|^[A-Z]+(\.md)?$|^package\.json$/.test(path))).toEqual(
      [],
    );
    expect(paths.filter((path) => /\.(map|tsbuildinfo|stamp)$|\.test\./.test(path))).toEqual([]);
  });
});

describe('the dependencies', () => {
  it('are pinned to one version each', () => {
    const ranges = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
      .filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))
      .map(([name, version]) => `${name}@${version}`);
    expect(ranges).toEqual([]);
  });

  it('run nothing when they are installed', () => {
    const lock = readJson('package-lock.json') as Lock;
    const production = Object.entries(lock.packages).filter(
      ([path, entry]) => path !== '' && entry.dev !== true,
    );
    expect(production.length).toBeGreaterThan(10);
    expect(production.filter(([, entry]) => entry.hasInstallScript === true)).toEqual([]);
    expect(production.filter(([, entry]) => entry.integrity === undefined)).toEqual([]);
    const scripted = production.filter(([path]) => {
      const { scripts = {} } = readJson(join(path, 'package.json')) as Manifest;
      return ['preinstall', 'install', 'postinstall'].some((name) => name in scripts);
    });
    expect(scripted.map(([path]) => path)).toEqual([]);
  });

  it('are complete, and are all used by someone', () => {
    const tree = npm(['ls', '--omit=dev', '--all', '--json']) as Tree;
    expect(Object.keys(tree.dependencies ?? {}).sort()).toEqual(Object.keys(manifest.dependencies).sort());
  });

  it('leave our own installation without scripts, too', () => {
    const names = Object.keys(manifest.scripts ?? {});
    expect(names.filter((name) => /^(pre|post)?install$|^prepare$/.test(name))).toEqual([]);
  });
});

it('the changelog starts with the version of the package', () => {
  const [, newest] =
    /^## \[?(\d+\.\d+\.\d+|Unreleased)\]?/m.exec(readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8')) ?? [];
  expect([manifest.version, 'Unreleased']).toContain(newest);
});
