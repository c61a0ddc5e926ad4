// The second table: an API that takes its time. What counts is how near the export comes to what its connections allow.
import { measure, middle } from './measure.mjs';
import { table, whole } from './table.mjs';
import { BATCH, startExport } from './variants.mjs';

const LATENCY_MS = 150;
const CONCURRENCY = [1, 2, 4, 8];
const MOST_ROUNDS = 3;
/** Above this share of what the program does with an API that answers at once, the machine is the limit and not the API. */
const NEAR_OWN_LIMIT = 0.7;

/**
 * Exports so many batches over each connection, with the default number of threads. Gives one entry for each concurrency,
 * with the rows per second of the whole process and from the first request to the last answer.
 */
export async function measureLatency({ sink, makeInput, batchesPerConnection, rounds, progress }) {
  const most = CONCURRENCY[CONCURRENCY.length - 1];
  const own = await rowsPerSecond({ concurrency: most, latencyMs: 0 });
  const entries = [];
  for (const concurrency of CONCURRENCY) {
    const allowed = (concurrency * BATCH) / (LATENCY_MS / 1000);
    const reached = await rowsPerSecond({ concurrency, latencyMs: LATENCY_MS });
    const limit = allowed > NEAR_OWN_LIMIT * own.wall ? 'machine' : 'API';
    entries.push({ concurrency, allowed, reached, share: reached.wall / allowed, limit });
  }
  return { latencyMs: LATENCY_MS, own, entries };

  async function rowsPerSecond({ concurrency, latencyMs }) {
    const { path, rows } = await makeInput(concurrency * BATCH * batchesPerConnection);
    const args = ['--no-resume', '--concurrency', String(concurrency)];
    const variant = {
      name: `concurrency ${concurrency} at ${latencyMs} ms`,
      start: () => startExport(path, { url: sink.url, args }),
    };
    const found = [];
    for (let round = 1; round <= Math.min(rounds, MOST_ROUNDS); round += 1) {
      progress(`${variant.name}, round ${round}`);
      const { wallMs, arrived } = await measure(variant, sink, { latencyMs });
      found.push({ wall: (rows / wallMs) * 1000, sending: (rows / arrived.sendingMs) * 1000 });
    }
    return { wall: middle(found, 'wall'), sending: middle(found, 'sending') };
  }
}

/** The second table as text. */
export function latencyTable({ latencyMs, own, entries }) {
  const header = [
    'concurrency',
    'rows/s',
    'while sending',
    `allowed at ${latencyMs} ms`,
    'share',
    'limited by',
  ];
  const lines = entries.map(({ concurrency, reached, allowed, share, limit }) => [
    concurrency,
    whole(reached.wall),
    whole(reached.sending),
    whole(allowed),
    share.toFixed(2),
    limit,
  ]);
  return `${table(header, lines)}\nAnswers at once: ${whole(own.wall)} rows/s, ${whole(own.sending)} while sending`;
}
