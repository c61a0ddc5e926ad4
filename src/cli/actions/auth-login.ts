import { accountsUrlOf } from '../../auth/environment.js';
import { login } from '../../auth/login.js';
import { credentialName } from '../../auth/places.js';
import { openCredentialStore } from '../../auth/store.js';
import type { OAuthClient, TokenSet } from '../../auth/types.js';
import { EXIT, RunError } from '../../errors.js';
import { quoteName } from '../../printable.js';
import { checkEndpoint } from '../../network/endpoint.js';
import { createFetch } from '../../network/fetch.js';
import { allowedHostsOf, type EndpointFlags } from '../allowed-hosts.js';
import { credentialsFileOf, type CredentialsFlags } from '../credentials.js';
import type { Io } from '../io.js';
import type { Output } from '../output.js';
import { firstLine, prompt } from '../prompt.js';
import { watchInterrupts } from '../signals.js';
import { safeText } from '../terminal.js';
import { clientOf, type ClientFlags } from './auth-client.js';

export type LoginFlags = ClientFlags &
  CredentialsFlags &
  EndpointFlags & {
    readonly id: string;
    readonly paste?: true;
    readonly port?: number;
    readonly redirectUri?: string;
    readonly scope?: string;
    /** Seconds. */
    readonly timeout?: number;
  };

/** A redirect URI has to be registered to the letter, so the port is always the same. */
const DEFAULT_PORT = 47_823;
const SETTING = 'SNAPCAPI_OAUTH_BASE_URL';

/**
 * `snapcapi auth login`: has a person allow the access and stores the credential. One of the same name is replaced only
 * when that has succeeded; before it begins, the store is known to be good and writable.
 */
export async function runAuthLogin(flags: LoginFlags, io: Io, out: Output): Promise<number> {
  const id = credentialName(flags.id);
  const redirectUri = redirectUriOf(flags);
  // Before anybody is led to its page.
  checkEndpoint(accountsUrlOf(io.env), { allowedHosts: allowedHostsOf(flags, io), setting: SETTING });
  const path = credentialsFileOf(flags, io);
  const store = openCredentialStore({ path });
  await store.update(id, () => Promise.resolve());
  const client = await clientOf(flags, io);
  // It ends at once, so there is nothing to say of waiting; but the terminal has shown ^C.
  const interrupts = watchInterrupts(io, () => io.stderrIsTerminal && io.stderr.write('\n'));
  try {
    const tokens = await tokensFor(client, redirectUri, { flags, io, signal: interrupts.signal });
    await store.update(id, (slot) => slot.write({ ...client, ...tokens, updatedAtMs: io.clock() }));
    await out.write(safeText(storedText(id, path, tokens)));
    return EXIT.ok;
  } catch (problem) {
    throw inWordsOfLogin(problem);
  } finally {
    interrupts.stop();
  }
}

type LoginContext = { readonly flags: LoginFlags; readonly io: Io; readonly signal: AbortSignal };

function tokensFor(client: OAuthClient, redirectUri: string, context: LoginContext): Promise<TokenSet> {
  const { flags, io, signal } = context;
  return login({
    client,
    redirectUri,
    ...(flags.scope === undefined ? {} : { scope: flags.scope }),
    mode: flags.paste === true ? 'paste' : 'loopback',
    show: (url) => {
      io.stderr.write(safeText(invitation(url, redirectUri, flags)));
    },
    ask: () => askForRedirect(io),
    fetch: createFetch({
      env: io.env,
      allowedHosts: allowedHostsOf(flags, io),
      setting: SETTING,
    }),
    clock: io.clock,
    secrets: io.secrets,
    signal,
    ...(flags.timeout === undefined ? {} : { timeoutMs: flags.timeout * 1000 }),
  });
}

function redirectUriOf({ paste, port, redirectUri }: LoginFlags): string {
  if (redirectUri === undefined) return `http://127.0.0.1:${port ?? DEFAULT_PORT}/callback`;
  if (port !== undefined) {
    throw new RunError('usage', '--port and --redirect-uri are both given', { fix: 'Give one of them.' });
  }
  if (!URL.canParse(redirectUri)) throw new RunError('usage', '--redirect-uri is not a URL');
  const { protocol, hostname } = new URL(redirectUri);
  if (paste === true || (protocol === 'http:' && hostname === '127.0.0.1')) return redirectUri;
  throw new RunError('usage', '--redirect-uri leads to another machine than this one', {
    fix: 'Add --paste, or give http://127.0.0.1:PORT/PATH.',
  });
}

function invitation(url: string, redirectUri: string, { paste }: LoginFlags): string {
  const where = paste === true ? 'any machine' : 'this machine';
  const then =
    paste === true
      ? `After that the browser opens a URL that starts with\n${redirectUri}\nIt may show that the page cannot be loaded. That is no problem: copy the whole URL from the address bar and paste it here.`
      : `Waiting for the browser to open ${redirectUri} (Ctrl-C stops) ...`;
  return `Open this URL in a browser on ${where}, and allow the access:\n\n  ${url}\n\n${then}\n`;
}

/** An interrupt as it is for a login, which does not go on where it stopped. */
function inWordsOfLogin(problem: unknown): unknown {
  const isInterrupt = problem instanceof RunError && ['interrupted', 'terminated'].includes(problem.code);
  if (!isInterrupt) return problem;
  return new RunError(problem.code, 'the login was stopped; nothing was stored', {
    fix: 'Run the same command again.',
  });
}

function askForRedirect(io: Io): Promise<string> {
  const what = 'URL or code';
  if (!io.stdinIsTerminal) return firstLine(what, io);
  return prompt({ what, silent: true, fix: 'Run `snapcapi auth login` again and paste it.' }, io);
}

function storedText(id: string, path: string, { refreshToken }: TokenSet): string {
  const lines = [`stored credential ${quoteName(id)} in ${path}`];
  if (refreshToken === undefined) lines.push('it cannot be refreshed: no refresh token was given');
  lines.push(
    `to use it, put into the config: "auth_method": "oauth", "oauth_credentials_id": ${quoteName(id)}`,
  );
  return `${lines.join('\n')}\n`;
}
