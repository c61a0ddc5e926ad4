import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT, type CliResult } from '../support/cli.js';

export type AuthCli = {
  /** Resolves when standard error holds a match, with the first group. */
  readonly says: (pattern: RegExp) => Promise<string>;
  readonly type: (text: string) => void;
  /** SIGKILL, unless told otherwise. */
  readonly kill: (signal?: NodeJS.Signals) => void;
  readonly ended: Promise<CliResult>;
};

/** Starts `snapcapi auth ...` with its standard input left open. */
export function startAuth(args: readonly string[], env: Readonly<Record<string, string>>): AuthCli {
  const child = spawn(process.execPath, [join(ROOT, 'bin', 'snapcapi.js'), 'auth', ...args], {
    env: { PATH: process.env['PATH'], NO_COLOR: '1', ...env },
  });
  let [stdout, stderr] = ['', ''];
  const waiting = new Set<() => void>();
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => {
    stderr += data.toString();
    for (const look of waiting) look();
  });
  child.stdin.on('error', () => undefined);
  const ended = new Promise<CliResult>((resolve) => {
    child.on('close', (code) => {
      resolve({ code: code ?? -1, stdout, stderr });
    });
  });
  return {
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(stderr)?.[1];
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
        void ended.then(({ code }) => {
          reject(new Error(`ended with ${code} before it said ${pattern.source}: ${stderr}`));
        });
      }),
    type: (text) => child.stdin.end(text),
    kill: (signal = 'SIGKILL') => child.kill(signal),
    ended,
  };
}

/** Does what a person does on the page of the simulator, and gives the address the browser is sent to. */
export async function decide(authorizeUrl: string, decision: 'allow' | 'deny'): Promise<string> {
  const { origin, searchParams } = new URL(authorizeUrl);
  const answer = await fetch(`${origin}/login/oauth2/authorize`, {
    method: 'POST',
    body: new URLSearchParams([...searchParams, ['decision', decision]]),
    redirect: 'manual',
  });
  const location = answer.headers.get('location');
  if (location === null) throw new Error(`the simulator answered ${answer.status} ${await answer.text()}`);
  return location;
}
