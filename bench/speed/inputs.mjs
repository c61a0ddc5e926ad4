// Writes the files that are measured.
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { randomFrom } from '../support.mjs';
import { KINDS } from './rows.mjs';

const WRITTEN_AT_ONCE = 1 << 20;
const FORMATS = { csv: csvLine, jsonl: jsonLine };

/**
 * Writes `<folder>/<kind>-<rows>.<format>`: `kind` is `web` or `app`, `format` is `csv` or `jsonl`. Gives its path, rows and
 * bytes, and the share of rows with quoted cells.
 */
export async function writeInput(folder, { kind, format, rows, quoted, seed }) {
  const { columns, cells } = KINDS[kind];
  const path = join(folder, `${kind}-${rows}.${format}`);
  const random = randomFrom(seed);
  const file = createWriteStream(path);
  let text = format === 'csv' ? `${columns.join(',')}\n` : '';
  let bytes = 0;
  let withComma = 0;
  for (let row = 1; row <= rows; row += 1) {
    const made = cells(row, random, quoted);
    if (made.comma) withComma += 1;
    text += FORMATS[format](columns, made);
    if (text.length < WRITTEN_AT_ONCE && row < rows) continue;
    const block = Buffer.from(text);
    bytes += block.length;
    text = '';
    if (!file.write(block)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
  return { path, rows, bytes, quotedShare: withComma / rows };
}

function csvLine(columns, made) {
  let line = '';
  for (const column of columns) line += line === '' ? csvCell(made[column]) : `,${csvCell(made[column])}`;
  return `${line}\n`;
}

function csvCell(text) {
  return text.includes(',') || text.includes('"') ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The same cells with the types a query engine gives them. */
function jsonLine(columns, made) {
  const row = {};
  for (const column of columns) row[column] = column === 'value' ? Number(made[column]) : made[column];
  return `${JSON.stringify(row)}\n`;
}
