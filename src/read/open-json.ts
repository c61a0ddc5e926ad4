import { RunError } from '../errors.js';
import type { Chunk } from '../types.js';
import { recordText } from './chunk.js';
import { createChunker } from './chunker.js';
import { arrayError } from './damage.js';
import type { Opening, Records } from './opening.js';
import { parseJsonValue } from './parse-json.js';
import { createRecordReader, readChunks, type RecordReader } from './records.js';
import type { RecordSink } from './scan.js';
import { createArrayScanner } from './scan-json-array.js';
import { createLineScanner } from './scan-lines.js';

/** Opens JSONL. A last line without a line end that is no JSON was cut short. */
export async function openJsonl(opening: Opening): Promise<Records> {
  const scanner = createLineScanner(opening.options.maxRecordBytes);
  const reader = createRecordReader(opening.blocks, scanner, () => new Error('lines are never damaged'));
  const opened = await openRecords(opening, 'jsonl', reader);
  const isWhole = (): boolean => !scanner.state.unterminated;
  const records = { ...opened, chunks: untilCut(opened.chunks, isWhole, opening.name) };
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

/** The chunks without a last record that was cut short, which ends them with RunError `cut_short`. */
async function* untilCut(
  chunks: Records['chunks'],
  isWhole: () => boolean,
  file: string,
): AsyncGenerator<Chunk, void> {
  for await (const chunk of chunks) {
    const last = chunk.starts.length - 1;
    // Only the last record of the input can be without a line end.
    const isCut = !isWhole() && !chunk.oversized.includes(last);
    if (!isCut || parseJsonValue(recordText(chunk, last)) !== undefined) yield chunk;
    else {
      yield withoutLast(chunk);
      throw cutShort(file, chunk.lines[last] ?? 0);
    }
  }
}

function withoutLast(chunk: Chunk): Chunk {
  const { starts, ends, lines } = chunk;
  return { ...chunk, starts: starts.slice(0, -1), ends: ends.slice(0, -1), lines: lines.slice(0, -1) };
}

function cutShort(file: string, line: number): RunError {
  return new RunError('cut_short', `${file}, line ${line}: the last line ends within its JSON text`, {
    place: { file, line },
  });
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
