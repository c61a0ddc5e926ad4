import { parseArgs } from 'node:util';

/** Fewer rows than this tell more of start-up and of the JIT compiler than of the program. */
export const FEWEST_QUOTABLE = 400_000;
const USUAL_ROWS = 1_000_000;
const MEMORY_ROWS = [200_000, 5_000_000];

/** Options of the command line. Throws an Error whose message says what is wrong. */
export function readOptions(argv) {
  const { values } = parseArgs({
    args: argv,
    options: {
      rows: { type: 'string' },
      rounds: { type: 'string' },
      only: { type: 'string' },
      quoted: { type: 'string', default: '0.05' },
      seed: { type: 'string', default: '1' },
      memory: { type: 'boolean', default: false },
      'memory-rows': { type: 'string' },
      quick: { type: 'boolean', default: false },
      out: { type: 'string' },
    },
  });
  const rows = count('rows', values.rows ?? (values.quick ? '4000' : String(USUAL_ROWS)));
  const memoryRows = values['memory-rows']?.split(',').map((text) => count('memory-rows', text));
  return {
    rows,
    rounds: count('rounds', values.rounds ?? (values.quick ? '1' : '3')),
    only: values.only === undefined ? undefined : new Set(values.only.split(',')),
    quoted: Number(values.quoted),
    seed: Number(values.seed),
    memoryRows: memoryRows ?? (values.memory ? (values.quick ? [rows, 10 * rows] : MEMORY_ROWS) : []),
    /** Batches that each connection sends while answers take their time. */
    batchesPerConnection: values.quick ? 3 : 100,
    startUpRounds: values.quick ? 1 : 5,
    out: values.out,
  };
}

function count(name, text) {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name} takes whole numbers from 1`);
  return value;
}
