import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectedOrders, timesOf, type Exceptions } from './expected.js';
import { createFolder, previewLine, SQL, type Scene } from './lines.js';
import { missingPrograms, startMariadb, type DatabaseServer } from './server.js';

const MISSING = missingPrograms(['mariadb-install-db', 'mariadbd', 'mariadb'], 'mariadb-server');

/** A boolean is a small integer in MariaDB, and a list is JSON text. */
const AS_TEXT: Exceptions = { gift: '1', weight: '1.250', shelves: '[7,12]', points: [] };
const AS_JSON: Exceptions = { gift: 1, weight: 1.25, shelves: [7, 12], points: ['integer_as_text'] };

const LINES: readonly (readonly [string, Exceptions])[] = [
  ['mariadb-batch', AS_TEXT],
  ['mariadb-jsonl', AS_JSON],
];

describe.skipIf(MISSING !== '')(`a shop in MariaDB${MISSING}`, { timeout: 60_000 }, () => {
  let server: DatabaseServer;
  let scene: Scene;

  beforeAll(async () => {
    server = await startMariadb();
    scene = { folder: createFolder(), env: {} };
    const settings = join(scene.folder, '.my.cnf');
    writeFileSync(settings, `[client]\nsocket=${join(server.folder, 'socket')}\nuser=root\n`);
    const load = [`--defaults-file=${settings}`, '--default-character-set=utf8mb4'];
    execFileSync('mariadb', [...load, '-e', 'CREATE DATABASE shop']);
    execFileSync('mariadb', [...load, 'shop'], { cwd: SQL, input: readFileSync(join(SQL, 'mariadb.sql')) });
  }, 120_000);

  afterAll(async () => {
    rmSync(scene.folder, { recursive: true, force: true });
    await server.stop();
  }, 60_000);

  it.concurrent.each(LINES)('%s', async (name, exceptions) => {
    expect(await previewLine(name, scene)).toEqual(expectedOrders(exceptions));
  });

  it.concurrent('mariadb-local-times', async () => {
    const orders = await previewLine('mariadb-local-times', scene);
    expect(timesOf(orders)).toEqual(timesOf(expectedOrders(AS_TEXT)));
  });
});
