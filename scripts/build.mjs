#!/usr/bin/env node
// Compiles src/ into dist/, only when something changed, and removes what no source stands behind.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT, withLock } from './lock.mjs';

const SRC = join(ROOT, 'src');
const DIST = join(ROOT, 'dist');
// Kept outside dist so that it is never published.
const CACHE = join(ROOT, 'node_modules', '.cache', 'snapcapi');
const STAMP = join(CACHE, 'build.stamp');
const BUILD_INFO = join(CACHE, 'build.tsbuildinfo');
const BIN = join(ROOT, 'bin', 'snapcapi.js');
/** Answers that bin/snapcapi.js gives without loading the program. */
const WRITTEN = { 'help.txt': '--help', 'version.txt': '--version' };
const TSC = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');

/** Brings dist/ up to date with src/. Throws an Error with the compiler's output when the types do not hold. */
export function build() {
  const sources = filesBelow(SRC).filter((file) => file.endsWith('.ts'));
  const outputs = new Set(sources.map((file) => file.replace(/\.ts$/, '')));
  const wanted = fingerprint([
    ...sources.map((file) => join(SRC, file)),
    join(ROOT, 'tsconfig.json'),
    join(ROOT, 'tsconfig.build.json'),
    join(ROOT, 'package.json'),
    join(ROOT, 'package-lock.json'),
  ]);
  const made = [...sources.map((file) => file.replace(/\.ts$/, '.js')), ...Object.keys(WRITTEN)];
  const complete = made.every((file) => existsSync(join(DIST, file)));
  if (complete && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return;
  if (!existsSync(TSC)) throw new Error('The compiler is not installed. Run: node scripts/setup.mjs');

  mkdirSync(CACHE, { recursive: true });
  rmSync(STAMP, { force: true });
  // With its record the compiler believes that what it once wrote is still there.
  if (!complete) rmSync(BUILD_INFO, { force: true });
  removeStale(outputs);
  const args = [TSC, '-p', 'tsconfig.build.json', '--incremental', '--tsBuildInfoFile', BUILD_INFO];
  const run = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 << 20 });
  if (run.status !== 0) throw new Error(`The build failed:\n${run.stdout}${run.stderr}`.trimEnd());
  writeAnswers();
  writeFileSync(STAMP, wanted);
}

function writeAnswers() {
  // With the old ones in place, the program would give those.
  for (const file of Object.keys(WRITTEN)) rmSync(join(DIST, file), { force: true });
  const answers = Object.entries(WRITTEN).map(([file, flag]) => {
    const run = spawnSync(process.execPath, [BIN, flag], { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`The program does not answer to ${flag}:\n${run.stderr}`.trimEnd());
    return [file, run.stdout];
  });
  for (const [file, text] of answers) writeFileSync(join(DIST, file), text);
}

function removeStale(outputs) {
  if (!existsSync(DIST)) return;
  for (const file of filesBelow(DIST)) {
    if (!outputs.has(file.replace(/(\.d\.ts|\.js)(\.map)?$/, ''))) rmSync(join(DIST, file));
  }
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

function fingerprint(files) {
  const hash = createHash('sha256').update(process.version);
  for (const file of files)
    hash.update(relative(ROOT, file)).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    withLock(build);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
