import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/cli.js';
import { npm, packageName, readJson, readLock, type Locked, type Manifest } from '../support/project.js';

type Tree = { readonly dependencies?: Readonly<Record<string, Tree>> };

const PERMISSIVE = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT'];
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare'];
const MAX_PACKAGES = 40;
const MAX_BYTES = 20_000_000;

const manifest = readJson('package.json') as Manifest;
const lock = readLock();

describe('every dependency', () => {
  it('is pinned to one version', () => {
    const ranges = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })
      .filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))
      .map(([name, version]) => `${name}@${version}`);
    expect(ranges).toEqual([]);
  });

  it('stands in the lock as in the manifest, at that version', () => {
    expect(lock.root.dependencies).toEqual(manifest.dependencies);
    expect(lock.root.devDependencies).toEqual(manifest.devDependencies);
    const locked = new Map(lock.all);
    const moved = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
      ([name, version]) => locked.get(`node_modules/${name}`)?.version !== version,
    );
    expect(moved).toEqual([]);
  });

  it('is used by someone, and none is missing', () => {
    const tree = npm(['ls', '--omit=dev', '--all', '--json']) as Tree;
    expect(Object.keys(tree.dependencies ?? {}).sort()).toEqual(
      Object.keys(manifest.dependencies ?? {}).sort(),
    );
  });
});

describe('every package of the lock', () => {
  it('is known by the hash of its content', () => {
    expect(lock.all.length).toBeGreaterThan(100);
    const unknown = lock.all.filter(([, { integrity = '' }]) => !/^sha512-[\w+/]{86}==$/.test(integrity));
    expect(paths(unknown)).toEqual([]);
  });

  // Which registry that is, is a matter of the machine: a lock may name a mirror, or leave the address out.
  it('comes from a registry, and all from the same one', () => {
    expect(paths(lock.all.filter(([, entry]) => entry.link === true))).toEqual([]);
    expect(paths(lock.all.filter((locked) => !isRegistryAddress(locked)))).toEqual([]);
    const hosts = new Set(lock.all.flatMap(([, { resolved }]) => resolved && new URL(resolved).host));
    hosts.delete(undefined);
    expect(hosts.size).toBeLessThanOrEqual(1);
  });

  it('asks for versions, never for an address', () => {
    const addresses = lock.all.flatMap(([path, { dependencies, optionalDependencies }]) =>
      Object.entries({ ...dependencies, ...optionalDependencies })
        .filter(([, range]) => /[:/]/.test(range) && !/^npm:(?:@[\w.-]+\/)?[\w.-]+@[^:/]+$/.test(range))
        .map(([name, range]) => `${path} → ${name}@${range}`),
    );
    expect(addresses).toEqual([]);
  });
});

describe('every package that users install', () => {
  it('runs nothing when it is installed', () => {
    expect(lock.production.length).toBeGreaterThan(10);
    expect(paths(lock.production.filter(([, entry]) => entry.hasInstallScript === true))).toEqual([]);
    const scripted = lock.production.filter(([path]) => {
      const { scripts = {} } = readJson(join(path, 'package.json')) as Manifest;
      // Of a package from a registry npm runs these three; "prepare" is for those that are cloned.
      return INSTALL_SCRIPTS.slice(0, 3).some((name) => name in scripts);
    });
    expect(paths(scripted)).toEqual([]);
  });

  it('is JavaScript: nothing is compiled on installation or loaded as machine code', () => {
    // Without any script npm runs node-gyp where it finds a binding.gyp.
    const compiled = lock.production.filter(([path]) => existsSync(join(ROOT, path, 'binding.gyp')));
    expect(paths(compiled)).toEqual([]);
    const native = lock.production
      .flatMap(([path]) => filesOf(path))
      .filter((file) => file.endsWith('.node'));
    expect(native).toEqual([]);
  });

  it('has a permissive license, in the lock and in its own manifest', () => {
    const licenses = lock.production.map(([path, entry]) => {
      const own = (readJson(join(path, 'package.json')) as Manifest).license;
      return [path, entry.license, own] as const;
    });
    const others = licenses.filter(
      ([, locked, own]) => locked !== own || !PERMISSIVE.includes(locked ?? 'none'),
    );
    expect(others).toEqual([]);
  });

  it('is the package its folder is named after', () => {
    const swapped = lock.production.filter(([path, entry]) => {
      const { name, version } = readJson(join(path, 'package.json')) as Manifest;
      return name !== packageName(path) || version !== entry.version;
    });
    expect(paths(swapped)).toEqual([]);
  });

  it(`is one of at most ${MAX_PACKAGES}, which take less than ${MAX_BYTES / 1_000_000} MB`, () => {
    expect(lock.production.length).toBeLessThanOrEqual(MAX_PACKAGES);
    const bytes = lock.production
      .flatMap(([path]) => filesOf(path))
      .reduce((sum, file) => sum + statSync(file).size, 0);
    expect(bytes).toBeGreaterThan(1_000_000);
    expect(bytes).toBeLessThan(MAX_BYTES);
  });
});

it('our own installation runs nothing either', () => {
  expect(INSTALL_SCRIPTS.filter((name) => name in (manifest.scripts ?? {}))).toEqual([]);
  expect(existsSync(join(ROOT, 'binding.gyp'))).toBe(false);
});

function isRegistryAddress([path, { version, resolved }]: Locked): boolean {
  if (resolved === undefined) return true;
  if (!URL.canParse(resolved)) return false;
  const { protocol, username, password, search, hash, pathname } = new URL(resolved);
  const name = packageName(path);
  const file = `${name.replace(/^@[^/]*\//, '')}-${version}.tgz`;
  const plain = protocol === 'https:' && `${username}${password}${search}${hash}` === '';
  return plain && decodeURIComponent(pathname).endsWith(`/${name}/-/${file}`);
}

/** The files of a package, without those of packages inside it. */
function filesOf(path: string): readonly string[] {
  const folder = join(ROOT, path);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !relative(folder, file).split(sep).includes('node_modules'));
}

function paths(locked: readonly Locked[]): readonly string[] {
  return locked.map(([path]) => path);
}
