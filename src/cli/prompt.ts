import { RunError } from '../errors.js';
import type { Io } from './io.js';

export type Question = {
  /** What is asked for, such as `client secret`. */
  readonly what: string;
  /** Whether what is typed stays invisible. */
  readonly silent: boolean;
  /** What to do when there is nobody to ask. */
  readonly fix: string;
};

/**
 * Asks the person at the terminal for a line, on standard error. Throws RunError usage when standard input is no terminal or
 * nothing is typed, and interrupted at Ctrl-C or Ctrl-D.
 */
export async function prompt({ what, silent, fix }: Question, io: Io): Promise<string> {
  if (!io.stdinIsTerminal)
    throw new RunError('usage', `no ${what} is given, and there is nobody to ask`, { fix });
  const { read } = await import('read');
  const input = io.stdin() as unknown as NodeJS.ReadableStream;
  const hint = silent ? ' (not shown while you type)' : '';
  try {
    const reading = read({ prompt: `${what}${hint}:`, silent, input, output: io.stderr, terminal: true });
    const text = (await Promise.race([reading, endOf(input)])).trim();
    if (text !== '') return text;
  } catch {
    throw new RunError('interrupted', `the question for the ${what} was not answered`, {
      fix: 'Run it again.',
    });
  } finally {
    if (silent) io.stderr.write('\n');
  }
  throw new RunError('usage', `no ${what} was typed`, { fix });
}

/** Rejects at Ctrl-D, at which `read` never settles: the terminal is only paused. */
async function endOf(input: NodeJS.ReadableStream): Promise<never> {
  await new Promise((resolve) => input.once('pause', resolve));
  await new Promise(setImmediate);
  throw new Error('end of input');
}

/** The first line of standard input when it is no terminal. Throws RunError usage when there is none. */
export async function firstLine(what: string, io: Io): Promise<string> {
  let text = '';
  for await (const chunk of io.stdin()) {
    text += Buffer.from(chunk).toString('utf8');
    if (/\n|\r/.test(text.trimStart()) || text.length > 16_384) break;
  }
  const line = text.trim().split(/[\r\n]/, 1)[0] ?? '';
  if (line !== '') return line;
  throw new RunError('usage', `standard input holds no ${what}`, {
    fix: `Give the ${what} on standard input.`,
  });
}
