import type { Issue } from './issues.js';
import type { ExportOptions } from './summary.js';
import type { RowPlace } from './types.js';

/** One row as `export` would treat it. `eventText` is the JSON that would be sent, byte for byte. */
export type PreviewRow =
  | {
      readonly place: RowPlace;
      readonly outcome: 'ok';
      readonly eventText: string;
      readonly warnings: readonly Issue[];
    }
  | { readonly place: RowPlace; readonly outcome: 'invalid' | 'expired'; readonly issues: readonly Issue[] };

export type PreviewOptions = Pick<
  ExportOptions,
  'inputs' | 'config' | 'read' | 'asOfMs' | 'nullTexts' | 'clock' | 'observer'
> & {
  /** Rows to show; default: all. */
  readonly limit?: number;
};

/** Each row's outcome in input order, without any network. Throws RunError on damaged input. */
export async function* previewRows(options: PreviewOptions): AsyncGenerator<PreviewRow> {
  throw new Error(`being written: ${options.inputs.length}`);
}

/** The request bodies `export` would send, in order, from the first `limit` rows. */
export async function* previewBodies(options: PreviewOptions): AsyncGenerator<string> {
  throw new Error(`being written: ${options.inputs.length}`);
}
