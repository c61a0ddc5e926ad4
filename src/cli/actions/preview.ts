import { RunError } from '../../errors.js';
import { previewBodies, previewRows, type PreviewRow } from '../../preview.js';
import { issueRecord } from '../../report/rejects.js';
import { loadConfig } from '../config-file.js';
import { resolveInputs } from '../inputs.js';
import type { Io } from '../io.js';
import { createLog } from '../log.js';
import type { ConfigFlags, InputFlags, ReportingFlags } from '../options.js';
import type { Output } from '../output.js';
import { parseAsOf, readOptions } from '../run-options.js';

export type PreviewFlags = ConfigFlags &
  InputFlags &
  ReportingFlags & {
    /** Number of rows; 0 is all. */
    readonly rows: number;
    readonly bodies?: true;
  };

/** `snapcapi preview`: each row's event or issues as a JSON line, or whole request bodies. Gives the exit code. */
export async function runPreview(
  files: readonly string[],
  flags: PreviewFlags,
  io: Io,
  out: Output,
): Promise<number> {
  const config = await loadConfig(flags, io, 'optional');
  const { inputs } = resolveInputs(files, io);
  const log = await createLog(flags, io, (text) => io.stderr.write(text));
  const options = {
    inputs,
    config,
    read: readOptions(flags),
    asOfMs: flags.asOf === undefined ? io.clock() : parseAsOf(flags.asOf),
    nullTexts: flags.null ?? [],
    observer: log.event,
    ...(flags.rows === 0 ? {} : { limit: flags.rows }),
  };
  const lines =
    flags.bodies === true ? previewBodies(options) : rowLines(previewRows(options), inputs.length > 1);
  try {
    for await (const line of lines) {
      await out.writeCells(`${line}\n`);
      if (out.gone()) break;
    }
    return 0;
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    log.error(error);
    return error.exitCode;
  }
}

async function* rowLines(rows: AsyncIterable<PreviewRow>, withFile: boolean): AsyncGenerator<string> {
  for await (const row of rows) yield previewLine(row, withFile);
}

/** One row as a JSON line. The event stands in it as it would be sent, byte for byte. */
function previewLine(row: PreviewRow, withFile: boolean): string {
  const file = withFile ? `"file":${JSON.stringify(row.place.file)},` : '';
  const head = `{${file}"row":${row.place.row},"line":${row.place.line},"outcome":"${row.outcome}"`;
  if (row.outcome === 'ok') {
    return `${head},"event":${row.eventText},"warnings":${JSON.stringify(row.warnings.map(issueRecord))}}`;
  }
  return `${head},"issues":${JSON.stringify(row.issues.map(issueRecord))}}`;
}
