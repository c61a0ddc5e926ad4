import type { OAuthOptions, Simulator, SimulatorOptions } from '../../../src/simulator/index.js';
import type { Loose, Reply } from '../support.js';
import { NOW_MS, send, start, webEvent } from '../support.js';

export const CLIENT = { client_id: 'simulator-client', client_secret: 'simulator-secret' };
export const REDIRECT = 'http://127.0.0.1:4711/callback';
export const SCOPE = 'snapchat-offline-conversions-api snapchat-marketing-api';
/** A refresh token with everything that needs encoding. */
export const SEED = 'seeded+refresh/token==&x';

export const REQUEST = {
  client_id: CLIENT.client_id,
  redirect_uri: REDIRECT,
  response_type: 'code',
  scope: SCOPE,
  state: 'some-state',
};

/** A simulator with OAuth, a refresh token that is good, and a clock that can be moved. */
export async function startOAuth(
  oauth: OAuthOptions = {},
  options: SimulatorOptions = {},
): Promise<{ readonly simulator: Simulator; readonly pass: (ms: number) => void }> {
  let nowMs = NOW_MS;
  const simulator = await start({
    oauth: { refreshToken: SEED, ...oauth },
    clock: () => nowMs,
    ...options,
  });
  return { simulator, pass: (ms) => void (nowMs += ms) };
}

export type Form = Readonly<Record<string, string>> | string;

/** Posts a form; redirects are not followed. */
export async function postForm(simulator: Simulator, path: string, form: Form): Promise<Reply> {
  const response = await fetch(simulator.url + path, {
    method: 'POST',
    body: new URLSearchParams(form).toString(),
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    redirect: 'manual',
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return {
    status: response.status,
    text,
    json: isJson ? (JSON.parse(text) as Loose) : undefined,
    headers: response.headers,
  };
}

export function askToken(simulator: Simulator, form: Readonly<Record<string, string>>): Promise<Reply> {
  return postForm(simulator, '/login/oauth2/access_token', { ...CLIENT, ...form });
}

export function refresh(simulator: Simulator, refreshToken: unknown = SEED): Promise<Reply> {
  return askToken(simulator, { grant_type: 'refresh_token', refresh_token: refreshToken as string });
}

/** A good access token. */
export async function accessToken(simulator: Simulator, refreshToken?: unknown): Promise<string> {
  return (await refresh(simulator, refreshToken)).json?.['access_token'] as string;
}

/** Where the browser is sent after a decision. */
export async function decide(
  simulator: Simulator,
  decision: string,
  changes: Readonly<Record<string, string>> = {},
): Promise<URL> {
  const form = { ...REQUEST, ...changes, decision };
  const { headers } = await postForm(simulator, '/login/oauth2/authorize', form);
  return new URL(headers.get('location') ?? 'missing:');
}

/** A code that was just allowed. */
export async function allowedCode(
  simulator: Simulator,
  changes?: Readonly<Record<string, string>>,
): Promise<string> {
  return (await decide(simulator, 'allow', changes)).searchParams.get('code') ?? '';
}

export function exchange(simulator: Simulator, code: string, redirectUri = REDIRECT): Promise<Reply> {
  return askToken(simulator, { grant_type: 'authorization_code', code, redirect_uri: redirectUri });
}

/** Sends one event with a token and gives the answer. */
export function sendWith(
  simulator: Simulator,
  token: unknown,
  options: { readonly asset?: string; readonly route?: 'events' | 'events/validate' } = {},
): Promise<Reply> {
  return send(simulator, [webEvent()], {
    ...options,
    query: `?access_token=${encodeURIComponent(token as string)}`,
  });
}
