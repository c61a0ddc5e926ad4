// The fourth table, on request: memory by number of rows, and with an API that answers late.
import { rmSync } from 'node:fs';
import { measure } from './measure.mjs';
import { seconds, table, whole } from './table.mjs';
import { startExport, threads } from './variants.mjs';

const THREADS = [0, 2];
const SLOW_MS = 2000;

/** Exports files of so many rows, the smallest one also to an API that answers late. Gives one entry for each export. */
export async function measureMemory({ sink, makeInput, memoryRows, progress }) {
  const entries = [];
  for (const rows of [...memoryRows].sort((a, b) => a - b)) {
    const { path } = await makeInput(rows);
    const latencies = rows === Math.min(...memoryRows) ? [0, SLOW_MS] : [0];
    for (const latencyMs of latencies) {
      for (const count of THREADS) {
        const name = `${rows} rows, ${count} threads, answers after ${latencyMs} ms`;
        progress(name);
        const start = () => startExport(path, { url: sink.url, args: threads(count) });
        const { memoryMb, wallMs } = await measure({ name, start }, sink, { latencyMs });
        entries.push({ rows, threads: count, latencyMs, memoryMb, wallMs });
      }
    }
    rmSync(path);
  }
  return entries;
}

/** The fourth table as text. */
export function memoryTable(entries) {
  const header = ['rows', 'threads', 'answers after', 'peak MB', 'wall s'];
  const lines = entries.map(({ rows, threads: count, latencyMs, memoryMb, wallMs }) => [
    whole(rows),
    count,
    `${latencyMs} ms`,
    whole(memoryMb),
    seconds(wallMs),
  ]);
  return table(header, lines);
}
