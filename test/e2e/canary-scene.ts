import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { FIELDS } from '../../src/catalogue/index.js';

/** Stands in every cell, and in no column name, code or message. */
const CELL = 'Zk9Qcell';
/** Stands in every secret. */
const SECRET = 'Zk9Qsecret';

/** What a run may be given and must show to nobody; one place, for every kind of credential. */
const SECRETS = {
  apiToken: `${SECRET}/token+a="<&>%41='~`,
  clientSecret: `${SECRET}-client/+=secret`,
  refreshToken: `${SECRET}.refresh/+=token`,
  code: `${SECRET}_code-4/0AX`,
  proxyPassword: `${SECRET}:proxy`,
} as const;

/** The secrets as environment variables. */
export const SECRET_ENV = {
  SNAPCAPI_API_TOKEN: SECRETS.apiToken,
  SNAPCAPI_OAUTH_CLIENT_ID: 'canary-client',
  SNAPCAPI_OAUTH_CLIENT_SECRET: SECRETS.clientSecret,
  SNAPCAPI_OAUTH_REFRESH_TOKEN: SECRETS.refreshToken,
  HTTPS_PROXY: `http://user:${encodeURIComponent(SECRETS.proxyPassword)}@127.0.0.1:9`,
} as const;

const COLUMNS = [...new Set([...FIELDS.map(({ name }) => name), 'my_note'])];

const GOOD: Readonly<Record<string, string>> = {
  event_name: 'PURCHASE',
  event_time: '2026-11-19T12:00:00Z',
  event_source_url: `https://example.com/${CELL}url`,
  currency: 'USD',
  value: '3',
  em: `${CELL}em@example.com`,
};

/** Rows with a marked cell in every column the catalogue knows: each once among good cells, and all at the same time. */
export function markedCsv(): string {
  const marked = (name: string): string => `${CELL}${name}x "é<b>" %41`;
  const rows = [
    COLUMNS.map((name) => marked(name)),
    ...COLUMNS.map((one) => COLUMNS.map((name) => (name === one ? marked(name) : (GOOD[name] ?? '')))),
  ];
  return [COLUMNS, ...rows]
    .map((cells) => `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\n`)
    .join('');
}

/** The markers that stand in a text, in whatever spelling. */
export function leaksIn(text: string): readonly string[] {
  const plain = decodeAll(text);
  return [CELL, SECRET].filter((marker) =>
    [marker, marker.toLowerCase(), marker.toUpperCase()].some(
      (one) => plain.includes(one) || encoded(one).some((spelling) => text.includes(spelling)),
    ),
  );
}

function encoded(marker: string): readonly string[] {
  const hex = Buffer.from(marker).toString('hex');
  const middles = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), Buffer.from(marker)])
      .toString('base64')
      .slice(offset === 0 ? 0 : offset + 1, -4),
  );
  return [hex, hex.toUpperCase(), ...middles];
}

function decodeAll(text: string): string {
  return text
    .replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    .replace(/\\u([\da-f]{4})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}

/** All files below a folder, by path, but those whose name is listed. */
export function filesIn(folder: string, except: readonly string[]): ReadonlyMap<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return new Map(
    paths
      .filter((path) => !except.includes(path) && statSync(join(folder, path)).isFile())
      .map((path) => [path, readFileSync(join(folder, path), 'latin1')]),
  );
}

/** The command lines of all processes of this program. */
export function commandLines(): readonly string[] {
  const found: string[] = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
      if (line.includes('snapcapi.js')) found.push(`${line} ${readFileSync(`/proc/${pid}/comm`, 'latin1')}`);
    } catch {
      // It has ended meanwhile.
    }
  }
  return found;
}

export type EchoServer = {
  readonly url: string;
  readonly requests: () => number;
  readonly close: () => Promise<void>;
};

export type Echo = (request: string, answer: ServerResponse, count: number) => void;

/** A server that gets the whole request as text: line, headers and body. */
export async function startEchoServer(echo: Echo): Promise<EchoServer> {
  let count = 0;
  const server = createServer((request: IncomingMessage, answer) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      count += 1;
      const head = `${request.method} ${request.url} ${JSON.stringify(request.headers)}`;
      echo(`${head}\n${Buffer.concat(chunks).toString()}`, answer, count);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    requests: () => count,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

const SPELLINGS: readonly ((text: string) => string)[] = [
  (text) => text,
  encodeURIComponent,
  (text) => new URLSearchParams([['', text]]).toString().slice(1),
  (text) => Buffer.from(text).toString('base64'),
  (text) => Buffer.from(`id:${text}`).toString('base64url'),
  (text) => Buffer.from(text).toString('hex'),
  (text) => JSON.stringify(text),
  (text) => text.replace(/[<>&"']/g, (char) => `&#${char.charCodeAt(0)};`),
];

/** Answers with everything it was sent and all it knows of the secrets, each time spelled and dressed up in another way. */
export const sayEverything: Echo = (request, answer, count) => {
  const spell = SPELLINGS[count % SPELLINGS.length] ?? String;
  const body = request.slice(request.indexOf('\n') + 1);
  // An export never comes to know a code: only a login does.
  const { code: _, ...known } = SECRETS;
  const secrets = Object.values(known).map(spell).join(' ');
  const said = `${secrets} ${spell(body.slice(0, 5000))} ${request}`;
  const shapes = [
    () => ({ status: 'INVALID', reason: said }),
    () => ({ status: 'INVALID', reason: 'no', errors: { codes: [said], error_msgs: [said] } }),
    () => ({
      status: 'INVALID',
      reason: said,
      event_logs: [{ event: 1, status: 'INVALID', errors: { error_msgs: [said] } }],
    }),
  ];
  const shape = shapes[count % shapes.length] ?? shapes[0];
  answer.setHeader('x-echo', encodeURIComponent(said.slice(0, 2000)));
  answer.setHeader('retry-after', '0');
  if (count % 5 === 4) answer.writeHead(400, { 'content-type': 'text/plain' }).end(`Bad request: ${said}`);
  else answer.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify(shape?.()));
};
