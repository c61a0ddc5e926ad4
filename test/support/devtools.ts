import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'undici';
import { firstProgram } from './tools.js';

/** A connection to a browser that speaks the DevTools protocol. */
export type DevTools = {
  /** Sends a command, to the page of the session if one is named, and gives its result. Rejects with what the browser says. */
  readonly send: (method: string, params?: object, sessionId?: string) => Promise<Record<string, unknown>>;
  /** Ends the browser and removes its profile. */
  readonly close: () => Promise<void>;
};

type Reply = {
  readonly id?: number;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
};

const NAMES = ['google-chrome', 'chromium', 'chromium-browser'];
const START_MS = 20_000;
const END_MS = 5_000;

const FLAGS = [
  '--headless=new',
  '--remote-debugging-port=0',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-extensions',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  // Root and many containers have none to offer, and the only pages opened are those of the program.
  '--no-sandbox',
  // Nothing but this machine is ever reached, whatever the browser would like to look up.
  '--no-proxy-server',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

/** Path of the first browser in PATH. */
export function findBrowser(): string | undefined {
  return firstProgram(NAMES);
}

/** Starts a headless browser with an empty profile. Throws when it is not ready in 20 s. */
export async function launch(path: string): Promise<DevTools> {
  const profile = await mkdtemp(join(tmpdir(), 'snapcapi-test-browser-'));
  // A group of its own, so that its helpers end with it.
  const child = spawn(path, [...FLAGS, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  const exited = new Promise<void>((resolve) => {
    child.once('close', () => {
      resolve();
    });
  });
  // Should the tests end in the middle, nobody else would.
  const atExit = () => {
    endGroup(child);
  };
  process.once('exit', atExit);
  async function end(): Promise<void> {
    process.removeListener('exit', atExit);
    endGroup(child);
    await inTime(exited, END_MS, 'the browser did not end');
    await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
  try {
    const { send, hangUp } = await connect(await inTime(addressOf(child), START_MS, 'no browser started'));
    return {
      send,
      async close() {
        // Politely first: a profile that is being written cannot be removed.
        await inTime(Promise.all([send('Browser.close').catch(nothing), exited]), END_MS, '').catch(nothing);
        hangUp();
        await end();
      },
    };
  } catch (problem) {
    await end();
    throw problem;
  }
}

function nothing(): void {
  // It may be gone already.
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    nothing();
  }
}

/** The address that the browser writes to standard error when it is ready. */
function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (data: Buffer) => {
      said += data.toString();
      const address = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
      if (address !== undefined) resolve(address);
    });
    child.once('error', reject);
    child.once('close', (code) => {
      reject(new Error(`the browser ended with ${code}: ${said.slice(0, 2000)}`));
    });
  });
}

async function connect(address: string): Promise<Pick<DevTools, 'send'> & { readonly hangUp: () => void }> {
  const socket = new WebSocket(address);
  const waiting = new Map<number, (reply: Reply) => void>();
  let last = 0;
  socket.addEventListener('message', ({ data }) => {
    const reply = JSON.parse(String(data)) as Reply;
    if (reply.id === undefined) return;
    waiting.get(reply.id)?.(reply);
    waiting.delete(reply.id);
  });
  socket.addEventListener('close', () => {
    for (const settle of waiting.values()) settle({ error: { message: 'the connection was closed' } });
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', () => {
      reject(new Error('no connection to the browser'));
    });
  });
  return {
    hangUp: () => {
      socket.close();
    },
    send: (method, params = {}, sessionId) =>
      new Promise((resolve, reject) => {
        const id = ++last;
        waiting.set(id, ({ result = {}, error }) => {
          if (error === undefined) resolve(result);
          else reject(new Error(`${method}: ${error.message}`));
        });
        socket.send(JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) }));
      }),
  };
}

/** Rejects with `problem` when the work takes longer. */
async function inTime<T>(work: Promise<T>, ms: number, problem: string): Promise<T> {
  const over = new AbortController();
  try {
    const late = pause(ms, undefined, { signal: over.signal }).then(() => {
      throw new Error(`${problem} within ${ms} ms`);
    });
    return await Promise.race([work, late]);
  } finally {
    over.abort();
  }
}
