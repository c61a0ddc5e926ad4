import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { inTemporaryFolder, ROOT } from '../support/cli.js';

type Sums = { readonly events: number; readonly whole: string; readonly core: string };
type DigestModule = {
  readonly createDigest: () => { readonly add: (body: Buffer) => void; readonly result: () => Sums };
};
type DifferencesModule = {
  readonly findDifferences: (
    variants: readonly object[],
    verified: Readonly<Record<string, object>>,
    inputs: object,
  ) => readonly string[];
};

const { createDigest } = (await import(benchFile('digest.mjs'))) as DigestModule;
const { findDifferences } = (await import(benchFile('differences.mjs'))) as DifferencesModule;

const ROWS = 300;
const INPUTS = { web: { rows: 2 }, jsonl: { rows: 2 } };

function benchFile(name: string): string {
  return pathToFileURL(join(ROOT, 'bench', 'speed', name)).href;
}

function event(id: string, value = 1): object {
  return {
    event_id: id,
    event_name: 'SAVE',
    event_time: 1,
    user_data: { em: ['a'] },
    custom_data: { value },
    action_source: 'WEB',
  };
}

function digestOf(...bodies: readonly (readonly object[])[]): Sums {
  const digest = createDigest();
  for (const data of bodies) digest.add(Buffer.from(JSON.stringify({ data })));
  return digest.result();
}

it('sums up events whatever their order and batches, and sees one that is missing, doubled or changed', () => {
  const all = digestOf([event('a'), event('b'), event('c')]);
  expect(all).toMatchObject({ events: 3 });
  expect(digestOf([event('c')], [event('b'), event('a')])).toEqual(all);
  expect(digestOf([event('a'), event('b')])).not.toEqual(all);
  expect(digestOf([event('a'), event('a'), event('a')])).not.toEqual(all);
  expect(digestOf([event('a', 2), event('b'), event('c')])).not.toEqual(all);
  const { core } = digestOf([event('a')]);
  expect(digestOf([event('a', 2)]).core).not.toBe(core);
  expect(digestOf([{ ...event('a'), action_source: 'OFFLINE' }]).core).toBe(core);
  // Two of the same must not cancel each other out.
  expect(digestOf([event('a'), event('a')])).not.toEqual(digestOf([event('b'), event('b')]));
});

it('names the variants that did not do what the others did', () => {
  const variants = [
    { name: 'hash', input: 'web', sends: false },
    { name: 'other-hash', input: 'jsonl', sends: false },
    { name: 'own', input: 'web', sends: true },
    { name: 'own-json', input: 'jsonl', sends: true },
    { name: 'script', input: 'web', sends: true, inHouse: true },
  ];
  const arrived = { events: 2, whole: 'w', core: 'c' };
  const same = {
    hash: { said: '{"rows":2,"sum":7}' },
    'other-hash': { said: '{"rows":2,"sum":7}' },
    own: { arrived },
    'own-json': { arrived },
    script: { arrived: { ...arrived, whole: 'fewer fields' } },
  };
  expect(findDifferences(variants, same, INPUTS)).toEqual([]);
  for (const [name, change] of [
    ['other-hash', { said: '{"rows":2,"sum":8}' }],
    ['own', { arrived: { ...arrived, events: 1 } }],
    ['own-json', { arrived: { ...arrived, whole: 'other' } }],
    ['script', { arrived: { ...arrived, core: 'other' } }],
  ] as const) {
    expect(findDifferences(variants, { ...same, [name]: change }, INPUTS)).toEqual([
      expect.stringContaining(name),
    ]);
  }
});

it('measures exports, baselines and scripts that deliver the same events', () =>
  inTemporaryFolder((folder) => {
    const out = join(folder, 'bench.json');
    const names = 'split-hash,threads-0,in-house-node,json-hash,jsonl';
    const args = ['--rows', String(ROWS), '--rounds', '1', '--only', names, '--out', out];
    const run = spawnSync(process.execPath, [join(ROOT, 'bench', 'speed.mjs'), ...args], {
      encoding: 'utf8',
    });
    expect(run.status).toBe(0);
    expect(run.stdout).toContain('All variants delivered the same events.');
    expect(run.stdout).toContain('quote none of these ratios');
    const { throughput, claims } = JSON.parse(readFileSync(out, 'utf8')) as {
      throughput: { rounds: Record<string, { cpuMs: number; memoryMb: number }[]>; differences: string[] };
      claims: { name: string; measured?: { median: number } }[];
    };
    expect(Object.keys(throughput.rounds)).toEqual(names.split(','));
    for (const [round] of Object.values(throughput.rounds)) {
      expect(round?.cpuMs).toBeGreaterThan(1);
      expect(round?.memoryMb).toBeGreaterThan(10);
    }
    const measured = claims.filter((claim) => claim.measured !== undefined).map(({ name }) => name);
    expect(measured).toContain('CPU: jsonl ÷ json-hash');
    expect(measured).not.toContain('CPU: journal ÷ threads-0');
    return Promise.resolve();
  }));
