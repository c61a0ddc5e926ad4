#!/usr/bin/env node
// Prepares a fresh clone: installs the dependencies and builds, each only when needed.
// Runs before anything is installed, so it may import nothing but Node itself and files beside it.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { ROOT, withLock } from './lock.mjs';

const LOCK_FILE = join(ROOT, 'package-lock.json');
const MARKER = join(ROOT, 'node_modules', '.snapcapi-setup');
/** npm writes this file at the end of every install. */
const NPM_MARKER = join(ROOT, 'node_modules', '.package-lock.json');

/** npm ends some of its errors with its whole manual. */
const SHOWN_LINES = 20;

/** Installs and builds what is missing or out of date. Throws an Error whose message can be shown as it is. */
export function setup() {
  withLock(() => {
    install();
    build();
  });
}

function install() {
  const wanted = createHash('sha256').update(readFileSync(LOCK_FILE)).digest('hex');
  if (isInstalled(wanted)) return;
  process.stderr.write('Installing dependencies (npm ci) ...\n');
  const run = npm(['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  if (run.status !== 0) {
    const said = run.output.split('\n').slice(0, SHOWN_LINES).join('\n');
    throw new Error(`npm ci failed, so nothing was built. It said:\n${said}`);
  }
  writeFileSync(MARKER, wanted);
}

function isInstalled(wanted) {
  if (existsSync(MARKER)) return readFileSync(MARKER, 'utf8') === wanted;
  return existsSync(NPM_MARKER) && statSync(NPM_MARKER).mtimeMs >= statSync(LOCK_FILE).mtimeMs;
}

/** Under `npm test` the running npm names itself; elsewhere the one on the PATH is taken. */
function npm(args) {
  const self = process.env['npm_execpath'];
  const viaNode = self !== undefined && /\.[cm]?js$/.test(self) && /npm/.test(self);
  const options = { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 64 << 20 };
  const run = viaNode
    ? spawnSync(process.execPath, [self, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
  if (run.error !== undefined) return { status: 1, output: `npm could not be started (${run.error.code})` };
  return { status: run.status, output: `${run.stdout}${run.stderr}`.trim() };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    setup();
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
