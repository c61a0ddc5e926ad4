import { realpath, stat } from 'node:fs/promises';
import { RunError } from './errors.js';
import type { Issue } from './issues.js';
import { openInput, type Input, type OpenedInput, type ReadOptions } from './read/index.js';
import type { Chunk } from './types.js';

/** Whether an input is a file that gives the same bytes each time it is opened; pipes and devices do not. */
export async function canReopen({ path }: Input): Promise<boolean> {
  if (path === undefined) return false;
  try {
    if (!(await stat(path)).isFile()) return false;
    // On some systems, opening /dev/stdin goes on where the last reader stopped.
    return !(await realpath(path)).startsWith('/dev/');
  } catch {
    return false;
  }
}

/**
 * An input whose header is known and that is closed again: it is opened when its chunks are pulled, so that thousands of
 * inputs never need more than one open file. `chunks` ends with RunError `input_io` when the header is another by then.
 */
export function reopenLater(input: Input, closed: OpenedInput, options: ReadOptions): OpenedInput {
  const { index } = closed;
  const head = headOf(closed);
  let opened: OpenedInput | undefined;
  let bytes = 0;
  let late: readonly Issue[] = [];
  let isClosed = false;
  const wasClosed = (): boolean => isClosed;

  async function close(): Promise<void> {
    isClosed = true;
    if (opened === undefined) return;
    bytes = opened.bytesRead();
    late = opened.lateWarnings();
    const last = opened;
    // Its buffers are released with it.
    opened = undefined;
    await last.close();
  }

  async function* chunks(): AsyncGenerator<Chunk, void> {
    if (wasClosed()) return;
    opened = await openInput(input, index, options);
    try {
      // It may have been closed while it was being opened.
      if (wasClosed()) return;
      if (headOf(opened) !== head) throw changed(input.name);
      yield* opened.chunks;
    } finally {
      await close();
    }
  }

  return {
    ...closed,
    bytesRead: () => opened?.bytesRead() ?? bytes,
    lateWarnings: () => opened?.lateWarnings() ?? late,
    chunks: chunks(),
    reuse: (buffer) => opened?.reuse(buffer),
    close,
  };
}

/** All that rows are read by. */
function headOf({ dialect, headerBytes }: OpenedInput): string {
  return `${JSON.stringify(dialect)}\n${Buffer.from(headerBytes ?? []).toString('base64')}`;
}

function changed(file: string): RunError {
  return new RunError('input_io', `${file} was changed after its header was read`, {
    place: { file },
    fix: 'Run again when no program writes to the file.',
  });
}
