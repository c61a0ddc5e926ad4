import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { OAuthClient } from '../../src/auth/types.js';

/** What the authority does to one request instead of, or on top of, a proper answer. */
export type Fault =
  | { readonly status: number; readonly body?: string; readonly headers?: Record<string, string> }
  /** Does what was asked, but the answer is lost. */
  | 'lose'
  /** Never answers. */
  | 'hang';

export type Authority = {
  readonly client: OAuthClient;
  readonly url: string;
  /** Valid codes. */
  readonly codes: Set<string>;
  /** The forms received, in order. */
  readonly forms: URLSearchParams[];
  /** Queued faults, one for each request. */
  readonly faults: (Fault | undefined)[];
  /** Fields to put over those of a good answer; `undefined` removes one. */
  answer: Record<string, unknown>;
  /** Whether refresh tokens are replaced. */
  rotates: boolean;
  /** How often a refresh token that was used up came again. */
  reuses: number;
  refreshes: number;
  /** Whether the access token is the newest one of a family that was not revoked. */
  readonly accepts: (token: string) => boolean;
  /** Begins a family; gives its refresh token. */
  readonly grant: () => { readonly accessToken: string; readonly refreshToken: string };
};

/**
 * A strict authorization server on 127.0.0.1: a refresh token works once, and whoever uses one twice loses everything that
 * came of it. `onReuse` etc. are read from the object given back.
 */
export async function startAuthority(): Promise<Authority> {
  let number = 0;
  const current = new Map<string, { access: string; family: number }>();
  const used = new Map<string, number>();
  const revoked = new Set<number>();
  const issue = (family: number) => {
    number += 1;
    const tokens = { access: `access-${number}`, refresh: `refresh-${number}` };
    current.set(tokens.refresh, { access: tokens.access, family });
    return tokens;
  };
  const authority: Authority = {
    client: { clientId: 'client', clientSecret: 'secret+&=%', accountsUrl: '' },
    url: '',
    codes: new Set(),
    forms: [],
    faults: [],
    answer: {},
    rotates: true,
    reuses: 0,
    refreshes: 0,
    accepts: (token) => [...current.values()].some((one) => one.access === token && !revoked.has(one.family)),
    grant: () => {
      const tokens = issue(number);
      return { accessToken: tokens.access, refreshToken: tokens.refresh };
    },
  };

  function refreshed(token: string): Record<string, unknown> | undefined {
    const family = used.get(token);
    if (family !== undefined) {
      authority.reuses += 1;
      revoked.add(family);
      return undefined;
    }
    const known = current.get(token);
    if (known === undefined || revoked.has(known.family)) return undefined;
    authority.refreshes += 1;
    if (!authority.rotates) {
      known.access = `access-again-${authority.refreshes}`;
      return { access_token: known.access };
    }
    current.delete(token);
    used.set(token, known.family);
    const tokens = issue(known.family);
    return { access_token: tokens.access, refresh_token: tokens.refresh };
  }

  function redeemed(form: URLSearchParams): Record<string, unknown> | undefined {
    if (!authority.codes.delete(form.get('code') ?? '')) return undefined;
    const tokens = issue(number);
    return { access_token: tokens.access, refresh_token: tokens.refresh, scope: 'some scope' };
  }

  function answerTo(form: URLSearchParams): { readonly status: number; readonly body: object } {
    if (form.get('client_id') !== 'client' || form.get('client_secret') !== authority.client.clientSecret) {
      return { status: 401, body: { error: 'invalid_client' } };
    }
    const tokens =
      form.get('grant_type') === 'refresh_token'
        ? refreshed(form.get('refresh_token') ?? '')
        : redeemed(form);
    if (tokens === undefined)
      return { status: 400, body: { error: 'invalid_grant', error_description: 'S3CR3T' } };
    return { status: 200, body: { token_type: 'Bearer', expires_in: 3600, ...tokens, ...authority.answer } };
  }

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await bodyOf(request));
    authority.forms.push(form);
    const fault = authority.faults.shift();
    if (fault === 'hang') return;
    if (typeof fault === 'object') {
      response.writeHead(fault.status, fault.headers).end(fault.body ?? '<html>S3CR3T</html>');
      return;
    }
    const { status, body } = answerTo(form);
    if (fault === 'lose') {
      response.destroy();
      return;
    }
    response
      .writeHead(status, { 'content-type': 'application/json', 'www-authenticate': 'Basic realm="x"' })
      .end(JSON.stringify(body));
  }

  const server = createServer((request, response) => void receive(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(authority, { url, client: { ...authority.client, accountsUrl: url } });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

/** A clock that stands still, and sleeping that sets it forward and remembers. */
export function virtualTime(startMs = 1_700_000_000_000) {
  const waits: number[] = [];
  const time = {
    nowMs: startMs,
    waits,
    clock: () => time.nowMs,
    sleep: (ms: number) => {
      waits.push(ms);
      time.nowMs += ms;
      return Promise.resolve();
    },
    random: () => 0.5,
  };
  return time;
}
