import { createChunker } from './chunker.js';
import { arrayError } from './damage.js';
import type { Opening, Records } from './opening.js';
import { createRecordReader, readChunks, type RecordReader } from './records.js';
import type { RecordSink } from './scan.js';
import { createArrayScanner } from './scan-json-array.js';
import { createLineScanner } from './scan-lines.js';

/** Opens JSONL. A line that is cut short is no JSON, so no end is in doubt. */
export async function openJsonl(opening: Opening): Promise<Records> {
  const scanner = createLineScanner(opening.options.maxRecordBytes);
  const reader = createRecordReader(opening.blocks, scanner, () => new Error('lines are never damaged'));
  const records = await openRecords(opening, 'jsonl', reader);
  return records.empty ? { ...records, warnings: [{ code: 'empty_input' }] } : records;
}

/** Opens one JSON array. Without any bytes it is an empty result: sqlite3 writes nothing when there are no rows. */
export async function openJsonArray(opening: Opening): Promise<Records> {
  const scanner = createArrayScanner(opening.options.maxRecordBytes);
  const reader = createRecordReader(opening.blocks, scanner, (damage) =>
    arrayError(damage, opening.name, scanner.state.records),
  );
  const records = await openRecords(opening, 'json', reader);
  return records.empty && !scanner.begun() ? { ...records, warnings: [{ code: 'empty_input' }] } : records;
}

async function openRecords(
  { index, options }: Opening,
  format: 'json' | 'jsonl',
  reader: RecordReader,
): Promise<Records> {
  const chunker = createChunker(index, options.chunkBytes);
  await reader.advance(pausing(chunker));
  return {
    format,
    dialect: { format: 'jsonl' },
    empty: chunker.isEmpty(),
    warnings: [],
    lateWarnings: () => [],
    chunks: readChunks(reader, chunker),
    reuse: chunker.reuse,
  };
}

/** The sink, with a pause after its first record. */
function pausing(sink: RecordSink): RecordSink {
  return {
    ...sink,
    record(...span) {
      sink.record(...span);
      return true;
    },
    oversized(line) {
      sink.oversized(line);
      return true;
    },
  };
}
