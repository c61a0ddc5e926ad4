import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectedOrders, timesOf, type Exceptions } from './expected.js';
import { createFolder, previewLine, SQL, type Scene } from './lines.js';
import { missingPrograms } from './server.js';

const MISSING = missingPrograms(['sqlite3'], 'sqlite3');

/** SQLite has neither booleans nor decimals nor lists: 1, a floating-point number and JSON text. */
const AS_TEXT: Exceptions = { gift: '1', weight: '1.25', shelves: '[7,12]', points: [] };
const AS_JSON: Exceptions = { gift: 1, weight: 1.25, shelves: '[7,12]', points: ['integer_as_text'] };

const LINES: readonly (readonly [string, Exceptions])[] = [
  ['sqlite-csv', AS_TEXT],
  ['sqlite-json', AS_JSON],
];

describe.skipIf(MISSING !== '')(`a shop in SQLite${MISSING}`, { timeout: 60_000 }, () => {
  let scene: Scene;

  beforeAll(() => {
    scene = { folder: createFolder(), env: {} };
    const input = readFileSync(join(SQL, 'sqlite.sql'));
    execFileSync('sqlite3', ['-bail', join(scene.folder, 'shop.db')], { cwd: SQL, input });
  });

  afterAll(() => {
    rmSync(scene.folder, { recursive: true, force: true });
  });

  it.concurrent.each(LINES)('%s', async (name, exceptions) => {
    expect(await previewLine(name, scene)).toEqual(expectedOrders(exceptions));
  });

  it.concurrent('sqlite-local-times', async () => {
    const orders = await previewLine('sqlite-local-times', scene);
    expect(timesOf(orders)).toEqual(timesOf(expectedOrders(AS_TEXT)));
  });
});
