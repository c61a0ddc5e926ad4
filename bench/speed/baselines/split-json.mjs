// The least that can be done with JSON Lines: JSON.parse of each line, and the hashes of the values that are hashed.
import { HASHED } from '../rows.mjs';
import { eachLine } from './lines.mjs';
import { createTally } from './tally.mjs';

const tally = createTally();
await eachLine(process.argv[2], (line) => {
  const row = JSON.parse(line);
  tally.row();
  for (const name of HASHED) tally.hash(row[name]);
});
tally.say();
