// The least that can be done: lines split at commas, and the hashes of the cells that are hashed. No rule, no check.
import { eachLine } from './lines.mjs';
import { createTally, hashedPositions } from './tally.mjs';

const tally = createTally();
let positions;
await eachLine(process.argv[2], (line) => {
  const cells = line.includes('"') ? splitQuoted(line) : line.split(',');
  if (positions === undefined) {
    positions = hashedPositions(cells);
    return;
  }
  tally.row();
  for (const position of positions) tally.hash(cells[position]);
});
tally.say();

function splitQuoted(line) {
  const cells = [];
  let at = 0;
  while (at <= line.length) {
    if (line[at] !== '"') {
      const comma = line.indexOf(',', at);
      const end = comma === -1 ? line.length : comma;
      cells.push(line.slice(at, end));
      at = end + 1;
      continue;
    }
    let end = line.indexOf('"', at + 1);
    while (line[end + 1] === '"') end = line.indexOf('"', end + 2);
    cells.push(line.slice(at + 1, end).replaceAll('""', '"'));
    at = end + 2;
  }
  return cells;
}
