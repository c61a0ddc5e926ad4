#!/usr/bin/env node
// Prints what a production installation consists of, as CycloneDX JSON.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './lock.mjs';

/**
 * The SBOM as npm writes it, from the manifest and the lock without anything that only development needs. Throws an
 * Error when npm fails, or when its components are not exactly the production packages of the lock.
 */
function sbom() {
  const manifest = readJson('package.json');
  const lock = readJson('package-lock.json');
  const packages = Object.entries(lock.packages).filter(([path, entry]) => path !== '' && entry.dev !== true);
  const root = withoutDevelopment(lock.packages['']);
  const text = describe(withoutDevelopment(manifest), {
    ...lock,
    packages: { '': root, ...Object.fromEntries(packages) },
  });
  const wanted = new Set(packages.map(([path, entry]) => `${nameOf(path)}@${entry.version}`));
  const described = new Set(
    JSON.parse(text).components.map(
      ({ group, name, version }) => `${group === undefined ? name : `${group}/${name}`}@${version}`,
    ),
  );
  const missing = [...wanted].filter((one) => !described.has(one));
  const surplus = [...described].filter((one) => !wanted.has(one));
  if (missing.length + surplus.length > 0) {
    throw new Error(
      `The SBOM of npm lacks [${missing}] and has [${surplus}] beside the production packages.`,
    );
  }
  return text;
}

/**
 * `npm sbom --omit dev` leaves out a package that a development dependency needs as well, so npm is shown a project
 * without development dependencies. The folder has the name of the package because npm takes that for its name.
 */
function describe(manifest, lock) {
  const scratch = mkdtempSync(join(tmpdir(), 'snapcapi-sbom-'));
  try {
    const folder = join(scratch, manifest.name);
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
    const args = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'];
    const run = spawnSync('npm', args, {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 64 << 20,
      shell: process.platform === 'win32',
    });
    if (run.status !== 0) throw new Error(`npm sbom failed:\n${run.stderr}`);
    return run.stdout;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function withoutDevelopment(manifest) {
  return { ...manifest, devDependencies: undefined, scripts: undefined };
}

function nameOf(path) {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

function readJson(file) {
  return JSON.parse(readFileSync(join(ROOT, file), 'utf8'));
}

try {
  process.stdout.write(sbom());
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
