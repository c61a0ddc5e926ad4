import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { CliResult } from './cli.js';
import { ROOT } from './cli.js';

/** The command line as a running process. */
export type RunningCli = {
  /** Of the command in front, when there is one (`wrap`). */
  readonly pid: number;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** The first line of its standard output; what there is when it ends before one is complete. */
  readonly firstLine: Promise<string>;
  /** What it has written to standard error so far. */
  readonly said: () => string;
  /** How it ended; a signal counts as code -1. */
  readonly ended: Promise<CliResult>;
};

export type StartOptions = {
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  /** Whether standard input ends after `stdin`, or stays open as if more were to come. */
  readonly stdinEnds?: boolean;
  /** Stands before the program on the command line, such as `prlimit --fsize=1000`. */
  readonly wrap?: readonly string[];
};

/** Starts the built command line and does not wait for it. The caller names the state directory in `env`. */
export function startCli(args: readonly string[], options: StartOptions): RunningCli {
  const { env, stdin, stdinEnds = true, wrap = [] } = options;
  const [command = '', ...rest] = [...wrap, process.execPath, join(ROOT, 'bin', 'snapcapi.js'), ...args];
  const child = spawn(command, rest, {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], NO_COLOR: '1', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (data: Buffer) => out.push(data));
  child.stderr.on('data', (data: Buffer) => err.push(data));
  child.stdin.on('error', () => undefined);
  if (stdin !== undefined) child.stdin.write(stdin);
  if (stdinEnds) child.stdin.end();
  const ended = new Promise<CliResult>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      const [stdout, stderr] = [out, err].map((parts) => Buffer.concat(parts).toString());
      resolve({ code: code ?? -1, stdout: stdout ?? '', stderr: stderr ?? '' });
    });
  });
  const firstLine = new Promise<string>((resolve) => {
    const look = (): void => {
      const [line, rest] = Buffer.concat(out).toString().split('\n');
      if (rest !== undefined) resolve(line ?? '');
    };
    child.stdout.on('data', look);
    child.on('close', () => {
      resolve(Buffer.concat(out).toString());
    });
  });
  return {
    pid: child.pid ?? 0,
    firstLine,
    kill: (signal) => child.kill(signal),
    said: () => Buffer.concat(err).toString(),
    ended,
  };
}
