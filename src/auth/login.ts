import { generateRandomState } from 'oauth4webapi';

import { interruption, RunError } from '../errors.js';
import type { Secrets } from '../secrets.js';
import { authorizationUrl, DEFAULT_SCOPE, denied, judgeRedirect, redeemCode } from './authorize.js';
import type { Redirected } from './authorize.js';
import type { Wire } from './exchange.js';
import { openLoopback } from './loopback.js';
import type { Page } from './page.js';
import { readPasted } from './paste.js';
import type { OAuthClient, TokenSet } from './types.js';

const TIMEOUT_MS = 300_000;

export type LoginOptions = Wire & {
  readonly client: OAuthClient;
  /** As registered with the client. For `loopback` on 127.0.0.1; port 0 takes any that is free. */
  readonly redirectUri: string;
  readonly scope?: string;
  readonly mode: 'loopback' | 'paste';
  /** Shows the address to open. It holds no secret. */
  readonly show: (url: string) => void | Promise<void>;
  /** Gets what the person pastes; called for `paste` only. */
  readonly ask: () => Promise<string>;
  /** Told of the code and the tokens as soon as they are known. */
  readonly secrets?: Pick<Secrets, 'add'>;
  readonly signal?: AbortSignal;
  /** For the person; 300,000 by default. */
  readonly timeoutMs?: number;
};

type Answered = Exclude<Redirected, { readonly kind: 'stranger' }>;

/**
 * Has a person allow the access and gives the tokens. Throws RunError `login_failed` when it is refused or takes too long, `usage`
 * for a redirect URI or port that cannot be used, `authorization_unavailable`, `tls_failed`, `redirect_refused`,
 * `endpoint_not_allowed`, or the interruption.
 *
 * A bare code, which `paste` takes as well, carries no state to compare. That is acceptable because nothing gets in on its own there:
 * the state protects a listening server from redirects that others cause, while a code is typed in by the person who opened the address
 * shown a moment ago. It still works only with this client and its redirect URI.
 */
export function login(options: LoginOptions): Promise<TokenSet> {
  return options.mode === 'loopback' ? loginByRedirect(options) : loginByPaste(options);
}

async function loginByRedirect(options: LoginOptions): Promise<TokenSet> {
  const { client, scope = DEFAULT_SCOPE } = options;
  const state = generateRandomState();
  const loopback = await openLoopback(options.redirectUri, (query) => {
    const redirected = judgeRedirect(client, query, state);
    return redirected.kind === 'stranger' ? undefined : redirected;
  });
  try {
    const { redirectUri } = loopback;
    await options.show(authorizationUrl(client, { redirectUri, scope, state }));
    const { found, answer } = await inTime(loopback.redirect, options);
    try {
      const tokens = await tokensFor(found, redirectUri, options);
      await answer(DONE);
      return tokens;
    } catch (problem) {
      await answer(failure(problem));
      throw problem;
    }
  } finally {
    await loopback.close();
  }
}

async function loginByPaste(options: LoginOptions): Promise<TokenSet> {
  const { client, redirectUri, scope = DEFAULT_SCOPE } = options;
  const state = generateRandomState();
  await options.show(authorizationUrl(client, { redirectUri, scope, state }));
  const pasted = readPasted(await inTime(options.ask(), options));
  const redirected = judgeRedirect(client, pasted.query, pasted.kind === 'query' ? state : undefined);
  if (redirected.kind === 'stranger') {
    throw new RunError(
      'login_failed',
      'the pasted address does not come from this login: it has no code, or another state',
      {
        fix: 'Run the same command again, open the address it shows, and paste the one the browser ends at.',
      },
    );
  }
  return tokensFor(redirected, redirectUri, options);
}

async function tokensFor(
  redirected: Answered,
  redirectUri: string,
  options: LoginOptions,
): Promise<TokenSet> {
  if (redirected.kind === 'denied') throw denied(redirected.error);
  const { client, secrets } = options;
  secrets?.add(redirected.parameters.get('code') ?? '');
  const tokens = await redeemCode(client, redirected.parameters, redirectUri, options);
  secrets?.add(tokens.accessToken);
  secrets?.add(tokens.refreshToken ?? '');
  return tokens;
}

const DONE: Page = {
  status: 200,
  title: 'Logged in',
  text: 'snapcapi has access now. You can close this window and go back to the terminal, which says where the access is kept.',
};

function failure(problem: unknown): Page {
  const page = { status: 400, title: 'The login failed' };
  if (!(problem instanceof RunError)) return { ...page, text: 'The terminal says why.' };
  const { message, fix } = problem;
  return { ...page, text: `${message.charAt(0).toUpperCase()}${message.slice(1)}.`, fix };
}

/** What the person does, unless it takes too long or the signal aborts. */
async function inTime<T>(work: Promise<T>, options: LoginOptions): Promise<T> {
  const { signal, timeoutMs = TIMEOUT_MS } = options;
  const { promise, reject } = rejecter();
  const timer = setTimeout(() => {
    reject(tooLate(timeoutMs));
  }, timeoutMs);
  const abort = () => {
    if (signal !== undefined) reject(interruption(signal));
  };
  signal?.addEventListener('abort', abort);
  if (signal?.aborted === true) abort();
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

function rejecter(): { readonly promise: Promise<never>; readonly reject: (error: RunError) => void } {
  let reject: (error: RunError) => void = () => undefined;
  const promise = new Promise<never>((_, settle) => {
    reject = settle;
  });
  return { promise, reject };
}

function tooLate(timeoutMs: number): RunError {
  const seconds = Math.round(timeoutMs / 1000);
  return new RunError('login_failed', `nobody finished the login in the browser within ${seconds} s`, {
    fix: 'Log in again; --timeout gives more time. Should the browser show an error instead of asking you, then the client ID, the redirect URI or the scope is not that of the OAuth app.',
  });
}
