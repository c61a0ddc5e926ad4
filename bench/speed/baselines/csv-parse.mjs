// csv-parse over a whole file, as a stream of arrays; with `--hash`, also the hashes of the cells that are hashed.
import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse';
import { READ_BYTES } from './lines.mjs';
import { createTally, hashedPositions } from './tally.mjs';

const tally = createTally();
const hashing = process.argv[3] === '--hash';
let positions;
createReadStream(process.argv[2], { highWaterMark: READ_BYTES })
  .pipe(parse())
  .on('data', (cells) => {
    if (positions === undefined) {
      positions = hashing ? hashedPositions(cells) : [];
      return;
    }
    tally.row();
    for (const position of positions) tally.hash(cells[position]);
  })
  .on('end', () => tally.say());
