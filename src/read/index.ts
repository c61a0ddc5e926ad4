export { asBuffer } from './blocks.js';
export { recordBytes, recordText } from './chunk.js';
export { DEFAULT_READ_OPTIONS, openInput } from './open.js';
export { createCsvRows, splitCsvRecord } from './csv-rows.js';
export { createJsonRecords, type ChunkRecord } from './json-records.js';
export { parseJsonRecord, parseJsonValue } from './parse-json.js';
export { parseJsonList } from './parse-json-list.js';
export { bytesInput, fileInput, stdinInput } from './source.js';
export type { Input, InputFacts, OpenedInput, ReadOptions } from './types.js';
