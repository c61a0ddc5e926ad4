import fc from 'fast-check';
import { expect, it } from 'vitest';
import { storedAccess } from '../../src/auth/access.js';
import { startAuthority, virtualTime } from './authority.js';
import { memoryStore } from './memory-store.js';

/** What a caller does next: ask for a token, have the last one replaced, or let time pass first. */
const STEP = fc.record({
  process: fc.nat({ max: 2 }),
  does: fc.constantFrom('current', 'renew', 'renew'),
  passMs: fc.constantFrom(0, 0, 0, 1_000_000, 3_600_000, -5_000_000),
  /** How many turns of the event loop until the next step begins. */
  turns: fc.nat({ max: 3 }),
});

it('never uses a refresh token twice, and gives every caller a token that is good, in any order of calls', async () => {
  const authority = await startAuthority();
  await fc.assert(
    fc.asyncProperty(fc.array(STEP, { minLength: 1, maxLength: 25 }), async (steps) => {
      const time = virtualTime();
      const { clock, sleep, random } = time;
      const given = { ...authority.grant(), expiresAtMs: time.nowMs + 3_600_000, updatedAtMs: time.nowMs };
      const store = memoryStore({ shop: { ...authority.client, ...given } });
      const options = { clock, sleep, random, secrets: { add: () => undefined } };
      const processes = [0, 1, 2].map(() => storedAccess(store, 'shop', options));
      const last = processes.map(() => given.accessToken);

      const calls: Promise<void>[] = [];
      for (const { process, does, passMs, turns } of steps) {
        time.nowMs += passMs;
        calls.push(call(process, does));
        for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
      }
      await Promise.all(calls);
      expect(authority.reuses).toBe(0);
      // In the end all agree on the newest token, once the API has refused the older ones.
      for (const tokens of processes) {
        let token = await tokens.current();
        while (!authority.accepts(token)) token = (await tokens.renew(token))!;
        expect(token).toBe(store.kept('shop')?.accessToken);
      }

      async function call(process: number, does: 'current' | 'renew'): Promise<void> {
        const refused = last[process]!;
        const tokens = processes[process]!;
        const token = does === 'current' ? await tokens.current() : (await tokens.renew(refused))!;
        if (does === 'renew') expect(token).not.toBe(refused);
        last[process] = token;
      }
    }),
    { numRuns: 60 },
  );
  expect(authority.reuses).toBe(0);
  expect(authority.refreshes).toBeGreaterThan(100);
});

it('makes one refresh for a hundred callers', async () => {
  const authority = await startAuthority();
  const { clock, sleep, random } = virtualTime();
  const store = memoryStore({ shop: { ...authority.client, ...authority.grant(), updatedAtMs: 0 } });
  const tokens = storedAccess(store, 'shop', { clock, sleep, random, secrets: { add: () => undefined } });
  const got = await Promise.all(Array.from({ length: 100 }, () => tokens.renew('access-1')));
  expect(new Set(got)).toEqual(new Set(['access-2']));
  expect([authority.refreshes, store.updates]).toEqual([1, 1]);
});
