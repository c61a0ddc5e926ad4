import type { ChunkResult, RowRejection, RowResult, RowWarning } from '../transform/index.js';

type Collected = Pick<ChunkResult, 'events' | 'facts' | 'rejections' | 'warnings'>;

export type Collector = {
  readonly add: (record: number, result: RowResult) => void;
  readonly finish: () => Collected;
};

/** Gathers row results into one buffer of finished JSON text with offsets. */
export function createCollector(maxEventBytes: number): Collector {
  const texts: string[] = [];
  const ends: number[] = [];
  const records: number[] = [];
  const rejections: RowRejection[] = [];
  const warnings: RowWarning[] = [];
  const identifiers: number[] = [];
  const timesMs: number[] = [];
  let size = 0;
  return {
    add(record, result) {
      if (result.outcome !== 'ok') {
        rejections.push({ record, outcome: result.outcome, issues: result.issues });
        return;
      }
      const bytes = Buffer.byteLength(result.text);
      if (bytes > maxEventBytes) {
        const args = { bytes, limit: maxEventBytes };
        rejections.push({ record, outcome: 'invalid', issues: [{ code: 'event_too_large', args }] });
        return;
      }
      for (const issue of result.warnings) warnings.push({ record, issue });
      size += texts.length === 0 ? bytes : bytes + 1;
      texts.push(result.text);
      ends.push(size);
      records.push(record);
      identifiers.push(result.identifiers);
      timesMs.push(result.timeMs);
    },
    finish() {
      const bytes = new Uint8Array(size);
      new TextEncoder().encodeInto(texts.join(','), bytes);
      const events = { bytes, ends: Uint32Array.from(ends), records: Uint32Array.from(records) };
      const facts = { identifiers: Uint8Array.from(identifiers), timesMs: Float64Array.from(timesMs) };
      return { events, facts, rejections, warnings };
    },
  };
}
