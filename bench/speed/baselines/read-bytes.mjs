// Reads a file and does nothing with it.
import { createReadStream } from 'node:fs';
import { READ_BYTES } from './lines.mjs';

let bytes = 0;
for await (const block of createReadStream(process.argv[2], { highWaterMark: READ_BYTES }))
  bytes += block.length;
process.stdout.write(JSON.stringify({ bytes }));
