import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { ROOT } from './cli.js';
import { freshStateDir } from './state.js';

/** A command block of a page: what is typed, and what the page says comes out. */
export type Session = { readonly commands: readonly string[]; readonly output: string };

/** The files that a page shows: blocks below a line that begins with a file name in a code span. */
export function filesIn(markdown: string): ReadonlyMap<string, string> {
  const blocks = markdown.matchAll(/^`([\w.-]+)`[^\n]*:\n\n```\w+\n([^]*?)^```$/gm);
  return new Map([...blocks].map(([, name = '', content = '']) => [name, content]));
}

/** The `console` blocks of a page, in order. */
export function sessionsIn(markdown: string): readonly Session[] {
  return [...markdown.matchAll(/^```console\n([^]*?)^```$/gm)].map(([, text = '']) => {
    const lines = text.split(/(?<=\n)/);
    const commands = lines.filter((line) => line.startsWith('$ ')).map((line) => line.slice(2).trimEnd());
    return { commands, output: lines.filter((line) => !line.startsWith('$ ')).join('') };
  });
}

/** A folder with the files of a page, in which `snapcapi` is the built program. */
export type Desk = {
  /** Types commands into a shell; gives everything that comes out. */
  readonly type: (commands: readonly string[]) => Promise<string>;
};

/** Sets a folder up as the reader of a page would. */
export function setDesk(folder: string, files: ReadonlyMap<string, string>): Desk {
  for (const [name, content] of files) writeFileSync(join(folder, name), content);
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  symlinkSync(join(ROOT, 'bin', 'snapcapi.js'), join(bin, 'snapcapi'));
  const env = {
    PATH: [bin, process.env['PATH']].join(delimiter),
    NO_COLOR: '1',
    SNAPCAPI_STATE_DIR: freshStateDir(),
  };
  return {
    type: (commands) =>
      new Promise((resolve) => {
        const script = ['exec 2>&1', ...commands].join('\n');
        execFile('sh', ['-c', script], { cwd: folder, env }, (_, stdout) => {
          resolve(stdout);
        });
      }),
  };
}
