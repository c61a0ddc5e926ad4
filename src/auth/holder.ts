import type { AccessTokens } from '../access.js';
import type { Clock } from '../deliver/types.js';
import type { Credential } from './types.js';

const MARGIN_MS = 60_000;

/** A credential with the access token it has now. */
export type Issued = Credential & { readonly accessToken: string };

/** Where credentials come from. Both reject with RunError. */
export type Source = {
  readonly load: () => Promise<Credential>;
  /** One with another access token than `old`. Never called twice at the same time. */
  readonly replace: (old: string | undefined) => Promise<Issued>;
};

/**
 * Whether the access token will do for a while: a minute, or a tenth of its life when that is less. One without a stated end will
 * do until it is refused.
 */
export function isFresh(credential: Credential, nowMs: number): credential is Issued {
  const { accessToken, expiresAtMs, updatedAtMs } = credential;
  if (accessToken === undefined) return false;
  if (expiresAtMs === undefined) return true;
  const marginMs = Math.min(MARGIN_MS, Math.max(0, expiresAtMs - updatedAtMs) / 10);
  return nowMs < expiresAtMs - marginMs;
}

/** Holds one credential in memory and has it replaced in time: by one replacement at a time, however many callers wait for it. */
export function createHolder(source: Source, clock: Clock): AccessTokens {
  let held: Credential | undefined;
  const load = shared(async () => (held ??= await source.load()));
  const replace = shared(async () => {
    const issued = await source.replace(held?.accessToken);
    held = issued;
    return issued.accessToken;
  });

  async function current(): Promise<string> {
    const credential = held ?? (await load.run());
    // Whoever has a replacement made may know that the token held was refused.
    return !replace.isRunning() && isFresh(credential, clock()) ? credential.accessToken : replace.run();
  }

  // A token is replaced when it is refused even if it seems to have time left: the clock may have been set back.
  async function renew(refused: string): Promise<string> {
    const { accessToken } = held ?? (await load.run());
    return accessToken === refused ? replace.run() : current();
  }

  return { current, renew };
}

type Shared<T> = { readonly run: () => Promise<T>; readonly isRunning: () => boolean };

function shared<T>(work: () => Promise<T>): Shared<T> {
  let running: Promise<T> | undefined;
  function run(): Promise<T> {
    running ??= work().finally(() => {
      running = undefined;
    });
    return running;
  }
  return { run, isRunning: () => running !== undefined };
}
