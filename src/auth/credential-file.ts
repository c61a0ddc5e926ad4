import { z } from 'zod';
import { RunError } from '../errors.js';
import { quoteName } from '../printable.js';
import { findJsonFault, lineAndColumn } from '../json-fault.js';
import type { Credential } from './types.js';

/** The content of the credentials file as it was read; keys that mean nothing here are kept. */
export type StoredFile = Readonly<Record<string, unknown>> & {
  readonly credentials: Readonly<Record<string, unknown>>;
};

const VERSION = 1;
const EMPTY: StoredFile = Object.freeze({ version: VERSION, credentials: Object.freeze({}) });

const FILE = z.looseObject({ version: z.literal(VERSION), credentials: z.looseObject({}) });

const secret = z.string().min(1);
const time = z.int().nonnegative();
const ENTRY = z.looseObject({
  client_id: z.string().min(1),
  client_secret: secret,
  accounts_url: z.url(),
  access_token: secret.optional(),
  expires_at_ms: time.optional(),
  refresh_token: secret.optional(),
  scope: z.string().optional(),
  updated_at_ms: time,
});
type Entry = z.infer<typeof ENTRY>;

/**
 * Reads the text of a credentials file; nothing is an empty store. Throws RunError credentials_damaged, which names the
 * place and quotes nothing but names.
 */
export function parseStored(text: string | undefined, path: string): StoredFile {
  if (text === undefined) return EMPTY;
  const fault = findJsonFault(text);
  if (fault !== undefined) {
    const { line, column } = lineAndColumn(text, fault.offset);
    throw damaged(path, `is not JSON: line ${line}, column ${column}: ${fault.what}`, line);
  }
  const value: unknown = JSON.parse(text);
  const file = FILE.safeParse(value);
  if (!file.success) throw damaged(path, whatIsWrong(value));
  // The object itself, not what the schema made of it: a key such as __proto__ is a key like any other.
  const stored = value as StoredFile;
  for (const id of Object.keys(stored.credentials)) checkEntry(stored.credentials[id], id, path);
  return stored;
}

/** The credentials of a file that was read, by name. */
export function credentialsIn({ credentials }: StoredFile): ReadonlyMap<string, Credential> {
  return new Map(Object.entries(credentials).map(([id, entry]) => [id, toCredential(entry as Entry)]));
}

/** The text of the file with one credential set, or removed when it is `undefined`. */
export function withCredential(stored: StoredFile, id: string, credential: Credential | undefined): string {
  const entries = new Map(Object.entries(stored.credentials));
  const before = entries.get(id);
  if (credential === undefined) entries.delete(id);
  else entries.set(id, { ...unknownKeys(before), ...toEntry(credential) });
  return `${JSON.stringify({ ...stored, credentials: Object.fromEntries(entries) }, null, 2)}\n`;
}

function checkEntry(entry: unknown, id: string, path: string): void {
  const { error } = ENTRY.safeParse(entry);
  if (error === undefined) return;
  const key = error.issues[0]?.path[0];
  const place = key === undefined ? 'is no object' : `has no usable ${quoteName(String(key))}`;
  throw damaged(path, `is damaged: the credential ${quoteName(id)} ${place}`);
}

function whatIsWrong(value: unknown): string {
  const version =
    typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined;
  if (typeof version === 'number' && version > VERSION) {
    return `was written by a newer version of snapcapi (format ${version}, this one knows ${VERSION})`;
  }
  return 'is not a file of credentials: "version" or "credentials" is missing or wrong';
}

function damaged(path: string, what: string, line?: number): RunError {
  return new RunError('credentials_damaged', `${path} ${what}`, {
    place: { file: path, ...(line !== undefined && { line }) },
  });
}

function toCredential(entry: Entry): Credential {
  const { access_token, expires_at_ms, refresh_token, scope } = entry;
  return {
    clientId: entry.client_id,
    clientSecret: entry.client_secret,
    accountsUrl: entry.accounts_url,
    ...(access_token !== undefined && { accessToken: access_token }),
    ...(expires_at_ms !== undefined && { expiresAtMs: expires_at_ms }),
    ...(refresh_token !== undefined && { refreshToken: refresh_token }),
    ...(scope !== undefined && { scope }),
    updatedAtMs: entry.updated_at_ms,
  };
}

/** Keys without a value are left out by JSON. */
function toEntry(credential: Credential): Readonly<Record<keyof typeof ENTRY.shape, unknown>> {
  return {
    client_id: credential.clientId,
    client_secret: credential.clientSecret,
    accounts_url: credential.accountsUrl,
    access_token: credential.accessToken,
    expires_at_ms: credential.expiresAtMs,
    refresh_token: credential.refreshToken,
    scope: credential.scope,
    updated_at_ms: credential.updatedAtMs,
  };
}

function unknownKeys(entry: unknown): object {
  const known = Object.keys(ENTRY.shape);
  return Object.fromEntries(Object.entries(entry ?? {}).filter(([key]) => !known.includes(key)));
}
