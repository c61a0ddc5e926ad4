import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JournalFs } from '../../src/journal/fs.js';
import { createJournal, openJournal } from '../../src/journal/journal.js';
import { nodeFs } from '../../src/journal/node-fs.js';
import { recoverJournal } from '../../src/journal/recover.js';
import { ackOf, intentOf, RUN } from './support.js';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'snapcapi-journal-'));
  path = join(folder, 'slot', 'run', 'journal.jsonl');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(process.platform === 'win32')('a journal on a real disk', () => {
  it('is only for its owner, whatever the umask', async () => {
    const before = process.umask(0);
    try {
      await (await createJournal(path, RUN, nodeFs)).close();
    } finally {
      process.umask(before);
    }
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'slot')).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'slot', 'run')).mode & 0o777).toBe(0o700);
  });

  it('is written, cut and continued', async () => {
    const journal = await createJournal(path, RUN, nodeFs);
    await journal.intent(intentOf(1));
    await journal.ack(ackOf(1));
    await journal.intent(intentOf(2));
    await journal.close();
    truncateSync(path, statSync(path).size - 5);
    const opened = await openJournal(path, nodeFs);
    expect(opened!.recovered.tornBytes).toBeGreaterThan(100);
    await opened!.journal.intent(intentOf(2));
    await opened!.journal.close();
    const run = await recoverJournal(path, nodeFs);
    expect(run).toMatchObject({ run: RUN, warnings: [], nextSeq: 5 });
    expect([...run!.batches.values()].map(({ state }) => state)).toEqual(['settled', 'open']);
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(5);
  });

  it('is never reached through a link', async () => {
    await (await createJournal(path, RUN, nodeFs)).close();
    symlinkSync(path, join(folder, 'link'));
    for (const open of [openJournal, recoverJournal]) {
      await expect(open(join(folder, 'link'), nodeFs)).rejects.toMatchObject({
        code: 'journal_io',
        message: 'reading the journal failed (ELOOP)',
      });
    }
    mkdirSync(join(folder, 'other'));
    symlinkSync('/nonexistent', join(folder, 'other', 'journal.jsonl'));
    await expect(createJournal(join(folder, 'other', 'journal.jsonl'), RUN, nodeFs)).rejects.toMatchObject({
      code: 'journal_io',
    });
  });

  it('makes nothing when it is only looked for', async () => {
    expect(await openJournal(path, nodeFs)).toBeUndefined();
    expect(() => statSync(join(folder, 'slot'))).toThrow();
  });
});

describe.runIf(process.platform === 'linux')('a full disk', () => {
  it('cannot hold the first line', async () => {
    const full: JournalFs = { ...nodeFs, open: () => nodeFs.open('/dev/full', 'append') };
    await expect(createJournal(path, RUN, full)).rejects.toMatchObject({
      code: 'journal_io',
      exitCode: 74,
      message: 'creating the journal failed (ENOSPC)',
    });
    expect(await recoverJournal(path, nodeFs)).toBeUndefined();
  });

  const mount = mountTmpfs();
  afterAll(() => {
    if (mount !== undefined) unmount(mount);
  });

  // Mounting needs root; elsewhere the test above and the disk in memory speak for it.
  it.skipIf(mount === undefined)('ends the run, and holds everything that was promised', async () => {
    const there = join(mount!, 'slot', 'run', 'journal.jsonl');
    const journal = await createJournal(there, RUN, nodeFs);
    let promised = 0;
    let failure: unknown;
    while (failure === undefined && promised < 10_000) {
      await journal.intent(intentOf(promised + 1)).then(
        () => (promised += 1),
        (error: unknown) => (failure = error),
      );
    }
    expect(failure).toMatchObject({ code: 'journal_io', message: 'writing the journal failed (ENOSPC)' });
    await expect(journal.ack(ackOf(1))).rejects.toBe(failure);
    await journal.close();
    const run = await recoverJournal(there, nodeFs);
    expect(promised).toBeGreaterThan(50);
    expect(run!.batches.size).toBeGreaterThanOrEqual(promised);
    expect(run!.warnings).toEqual([]);
    writeFileSync(join(folder, 'copy.jsonl'), readFileSync(there));
    const opened = await openJournal(join(folder, 'copy.jsonl'), nodeFs);
    await opened!.journal.ack(ackOf(1));
    await opened!.journal.close();
    expect((await recoverJournal(join(folder, 'copy.jsonl'), nodeFs))!.batches.get(1)?.state).toBe('settled');
  });
});

function mountTmpfs(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
  const place = mkdtempSync(join(tmpdir(), 'snapcapi-tmpfs-'));
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=700', 'tmpfs', place], {
      stdio: 'ignore',
    });
    return place;
  } catch {
    rmSync(place, { recursive: true });
    return undefined;
  }
}

function unmount(place: string): void {
  execFileSync('/bin/umount', [place]);
  rmSync(place, { recursive: true });
}
