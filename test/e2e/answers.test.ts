import { describe, expect, test } from 'vitest';

import {
  invalid,
  rowsWithNotes,
  VALID,
  withScriptedApi,
  type ApiAnswer,
  type Script,
} from '../support/scripted-api.js';

const NOTES = Array.from({ length: 12 }, (_, index) => `note ${index}`);
const ROWS = rowsWithNotes(NOTES);
const SMALL = ['--batch-size', '4', '--concurrency', '2'];

/** The answer in place of the n-th, else all is accepted. */
function once(n: number, answer: ApiAnswer): Script {
  return (_, request) => (request === n ? answer : VALID);
}

describe.concurrent('an answer that names token or asset', () => {
  test.each([
    [429, { reason: 'Rate limit exceeded for this access token' }],
    [408, { status: 'INVALID', reason: 'asset id' }],
    [425, { status: 'INVALID', reason: 'access token' }],
    [413, { status: 'INVALID', reason: 'Too large for this asset id' }],
    [503, { status: 'INVALID', reason: 'Unauthorized resources' }],
  ])('with %i does not end the run', async (status, body) => {
    await withScriptedApi(once(2, { status, body }), async (scene) => {
      const run = await scene.export(ROWS, SMALL);
      expect(run.code).toBe(0);
      expect(run.outcomes.sent).toBe(12);
    });
  });

  test.each([
    ['a reason', (note: string) => ({ reason: `custom_data.note "${note}" is not allowed` })],
    ['a finding', (note: string) => ({ event: 1, errors: { codes: ['1'], error_msgs: [note] } })],
    ['a bare reason', (note: string) => ({ reason: note })],
  ])('and only quotes a row in %s refuses that row', async (_, words) => {
    for (const said of ['my asset id', 'your Access Token', 'Unauthorized resources']) {
      const script: Script = (events) => {
        const notes = events.map((event) => event.custom_data.note);
        return notes.includes(said) ? invalid(400, words(said)) : VALID;
      };
      await withScriptedApi(script, async (scene) => {
        const run = await scene.export(rowsWithNotes([...NOTES, said]), SMALL);
        expect(run.code).toBe(0);
        expect(run.outcomes).toMatchObject({ sent: 12, refused: 1 });
        expect(scene.stored.size).toBe(12);
      });
    }
  });

  test('with 200 leaves its events in doubt: stored once in three runs', async () => {
    const script: Script = (events, n) =>
      n === 1
        ? {
            body: { status: 'INVALID', reason: 'Unauthorized resources' },
            stores: (event) => event !== events[0],
          }
        : VALID;
    await withScriptedApi(
      script,
      async (scene) => {
        const first = await scene.export(ROWS, SMALL);
        expect(first.code).toBe(77);
        expect(first.outcomes).toMatchObject({ in_doubt: 4, not_attempted: 8 });
        for (const _ of [2, 3]) await scene.export(ROWS, SMALL);
        expect(Math.max(...scene.stored.values())).toBe(1);
        expect(scene.stored.size).toBe(11);
      },
      { event_id: 'none' },
    );
  });
});

describe.concurrent('a page that is not from the API', () => {
  test.each([300, 302, 304, 401, 402, 403, 404, 405, 407, 409, 410, 418, 451])(
    'with %i is not the end of the run',
    async (status) => {
      await withScriptedApi(once(2, { status, body: '<html>access token</html>' }), async (scene) => {
        const run = await scene.export(ROWS, SMALL);
        expect(run.code).toBe(0);
        expect(run.outcomes.sent).toBe(12);
      });
    },
  );

  test('that comes each time is the end', async () => {
    await withScriptedApi(
      () => ({ status: 404, body: '<html>' }),
      async (scene) => {
        const run = await scene.export(ROWS, SMALL);
        expect(run.code).toBe(69);
        expect(run.stderr).toContain('error[wrong_endpoint]');
        expect(scene.requests()).toBe(5);
      },
    );
  });
});

describe.concurrent('an event source that is disabled in the middle of a run', () => {
  test('stops the run, and the same command sends the rest', async () => {
    let enabled = false;
    const notes = Array.from({ length: 2000 }, (_, index) => `note ${index}`);
    const script: Script = (events, n) =>
      n <= 3 || enabled ? VALID : invalid(400, { reason: 'The pixel is disabled.' });
    await withScriptedApi(script, async (scene) => {
      const args = ['--batch-size', '50', '--concurrency', '4'];
      const stopped = await scene.export(rowsWithNotes(notes), args);
      expect(stopped.code).toBe(65);
      expect(stopped.stderr).toContain('error[all_refused]');
      expect(scene.requests()).toBeLessThanOrEqual(170);
      expect(stopped.outcomes).toMatchObject({ sent: 150, in_doubt: 0 });
      enabled = true;
      const last = await scene.export(rowsWithNotes(notes), args);
      expect(last.code).toBe(0);
      expect(last.outcomes.sent + last.outcomes.refused).toBe(2000);
      expect(last.outcomes.refused).toBe(stopped.outcomes.refused);
      expect(Math.max(...scene.stored.values())).toBe(1);
    });
  });

  test('is not meant by requests whose good events are kept', async () => {
    const notes = Array.from({ length: 200 }, (_, index) => `note ${index}`);
    const script: Script = (events) => ({
      ...invalid(400, { event_logs: [{ event: 1, status: 'INVALID' }] }),
      stores: (event) => event !== events[0],
    });
    await withScriptedApi(
      script,
      async (scene) => {
        const run = await scene.export(rowsWithNotes(notes), ['--batch-size', '4']);
        expect(run.stderr).not.toContain('all_refused');
        expect(run.outcomes).toMatchObject({ refused: 50, in_doubt: 150, not_attempted: 0 });
        expect(scene.stored.size).toBe(150);
      },
      { event_id: 'none' },
    );
  });
});

test('an answer of several MiB is read, and its events are not sent again', async () => {
  const notes = Array.from({ length: 2000 }, (_, index) => `note ${index}`);
  const script: Script = (events) => {
    const event_logs = events.map((_, index) => ({
      event: index + 1,
      status: 'VALID',
      warnings: ['weak '.repeat(240)],
    }));
    return { body: { status: 'VALID', event_logs }, stores: () => true };
  };
  await withScriptedApi(script, async (scene) => {
    const run = await scene.export(rowsWithNotes(notes), []);
    expect(run.code).toBe(0);
    expect(run.outcomes.sent).toBe(2000);
    expect(scene.requests()).toBe(1);
    expect(Math.max(...scene.stored.values())).toBe(1);
  });
});
