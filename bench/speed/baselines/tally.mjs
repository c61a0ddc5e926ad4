import { hash } from 'node:crypto';
import { HASHED } from '../rows.mjs';

/** Counts rows, and hashes the cells that are hashed; what it says is compared between the baselines that do. */
export function createTally() {
  let rows = 0;
  let sum = 0;
  return {
    row: () => (rows += 1),
    hash(cell) {
      sum += hash('sha256', cell, 'hex').charCodeAt(7);
    },
    say: () => process.stdout.write(JSON.stringify({ rows, ...(sum > 0 && { sum }) })),
  };
}

/** Where the hashed cells are among these columns. */
export function hashedPositions(columns) {
  return HASHED.map((name) => columns.indexOf(name));
}
