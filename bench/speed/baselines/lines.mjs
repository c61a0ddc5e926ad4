import { createReadStream } from 'node:fs';

/** How much is read at once, bytes; the same for every baseline. */
export const READ_BYTES = 256 * 1024;
const LF = 10;

/** Calls `line` with every line of a file. Good for files whose cells hold no line end, such as those made here. */
export async function eachLine(path, line) {
  let rest = Buffer.alloc(0);
  for await (const bytes of createReadStream(path, { highWaterMark: READ_BYTES })) {
    const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    const end = all.lastIndexOf(LF) + 1;
    eachOf(all.toString('utf8', 0, end), line);
    rest = all.subarray(end);
  }
}

function eachOf(text, line) {
  let start = 0;
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
    line(text.slice(start, end));
    start = end + 1;
  }
}
