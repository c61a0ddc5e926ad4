import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectedOrders, timesOf, type Exceptions } from './expected.js';
import { createFolder, exportLine, previewLine, SQL, type Scene } from './lines.js';
import { missingPrograms, startPostgresql, type DatabaseServer } from './server.js';

const MISSING = missingPrograms(['initdb', 'postgres', 'psql'], 'postgresql (version 15 or newer)');

/** CSV and COPY text have no types: cells are sent as PostgreSQL prints them. */
const AS_TEXT: Exceptions = { gift: 't', weight: '1.250', shelves: '{7,12}', points: [] };
const AS_JSON: Exceptions = { gift: true, weight: 1.25, shelves: [7, 12], points: ['integer_as_text'] };

const LINES: readonly (readonly [string, Exceptions])[] = [
  ['psql-csv', AS_TEXT],
  ['psql-jsonl', AS_JSON],
  ['psql-json-array', AS_JSON],
  ['copy-csv', AS_TEXT],
  ['copy-text', AS_TEXT],
];

describe.skipIf(MISSING !== '')(`a shop in PostgreSQL${MISSING}`, { timeout: 60_000 }, () => {
  let server: DatabaseServer;
  let scene: Scene;

  beforeAll(async () => {
    server = await startPostgresql();
    const env = { PGHOST: server.folder, PGUSER: 'shop', PGDATABASE: 'postgres' };
    scene = { folder: createFolder(), env };
    const load = ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-f', join(SQL, 'postgresql.sql')];
    execFileSync('psql', load, { env: { ...process.env, ...env } });
  }, 120_000);

  afterAll(async () => {
    rmSync(scene.folder, { recursive: true, force: true });
    await server.stop();
  }, 60_000);

  it.concurrent.each(LINES)('%s', async (name, exceptions) => {
    expect(await previewLine(name, scene)).toEqual(expectedOrders(exceptions));
  });

  it.concurrent('psql-local-times', async () => {
    const orders = await previewLine('psql-local-times', scene);
    expect(timesOf(orders)).toEqual(timesOf(expectedOrders(AS_TEXT)));
  });

  it.concurrent('copy-csv, as it arrives at the API', async () => {
    const events = (await exportLine('copy-csv', scene)).map(({ event }) => event);
    expect(events).toEqual(expectedOrders(AS_TEXT).map(({ event }) => event));
  });
});
