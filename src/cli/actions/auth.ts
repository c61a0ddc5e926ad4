import { credentialName } from '../../auth/places.js';
import { openCredentialStore } from '../../auth/store.js';
import type { CredentialStore } from '../../auth/types.js';
import { EXIT } from '../../errors.js';
import { quoteName } from '../../printable.js';
import { jsonText } from '../../report/json-text.js';
import type { EndpointFlags } from '../allowed-hosts.js';
import { credentialsFileOf, type CredentialsFlags } from '../credentials.js';
import type { Io } from '../io.js';
import type { Output } from '../output.js';
import { plainTable, tableText } from '../table.js';
import { safeText } from '../terminal.js';
import { accessTokenText, ageText, credentialRecord, type CredentialRecord } from './auth-facts.js';
import { known, refreshStored } from './auth-refresh.js';

export type AuthFlags = CredentialsFlags & EndpointFlags & { readonly json?: true };
export type StatusFlags = AuthFlags & { readonly check?: true };

/** `snapcapi auth list`: all stored credentials, without their secrets. */
export async function runAuthList(flags: AuthFlags, io: Io, out: Output): Promise<number> {
  const path = credentialsFileOf(flags, io);
  const all = await openCredentialStore({ path }).all();
  const nowMs = io.clock();
  const records = [...all].map(([id, credential]) => credentialRecord(id, known(credential, id, io), nowMs));
  if (flags.json === true) await out.write(`${jsonText(records, 2)}\n`);
  else
    await out.write(
      safeText(records.length === 0 ? `no credentials in ${path}\n` : listText(records, nowMs)),
    );
  return EXIT.ok;
}

/**
 * `snapcapi auth status`: whether a delivery could use a credential; exit code 77 when not. With --check the authorization
 * server is asked, by a refresh; then its refusal is thrown.
 */
export async function runAuthStatus(id: string, flags: StatusFlags, io: Io, out: Output): Promise<number> {
  const store = storeOf(flags, io);
  const credential =
    flags.check === true
      ? await refreshStored(store, credentialName(id), flags, io)
      : known(await store.get(credentialName(id)), id, io);
  const nowMs = io.clock();
  const record = credentialRecord(id, credential, nowMs);
  if (flags.json === true) await out.write(`${jsonText(record, 2)}\n`);
  else await out.write(safeText(statusText(record, nowMs, flags.check === true)));
  return record.works ? EXIT.ok : EXIT.noPermission;
}

/** `snapcapi auth refresh`: replaces the tokens of a credential now. */
export async function runAuthRefresh(id: string, flags: AuthFlags, io: Io, out: Output): Promise<number> {
  const credential = await refreshStored(storeOf(flags, io), credentialName(id), flags, io);
  const nowMs = io.clock();
  const text = accessTokenText(credentialRecord(id, credential, nowMs), nowMs);
  await out.write(safeText(`refreshed credential ${quoteName(id)}; its access token is ${text}\n`));
  return EXIT.ok;
}

/** `snapcapi auth logout`: forgets a credential. Throws RunError credential_missing. */
export async function runAuthLogout(id: string, flags: AuthFlags, io: Io, out: Output): Promise<number> {
  await storeOf(flags, io).update(credentialName(id), async (slot) => {
    known(await slot.read(), id, io);
    await slot.write(undefined);
  });
  await out.write(
    safeText(
      `removed credential ${quoteName(id)} from this machine; to end its access everywhere, remove the app in your Snapchat account\n`,
    ),
  );
  return EXIT.ok;
}

function storeOf(flags: AuthFlags, io: Io): CredentialStore {
  return openCredentialStore({ path: credentialsFileOf(flags, io) });
}

function listText(records: readonly CredentialRecord[], nowMs: number): string {
  const table = plainTable(['name', 'works', 'can refresh', 'access token', 'stored']);
  for (const record of records) {
    const [works, canRefresh] = [yesNo(record.works), yesNo(record.can_refresh)];
    table.push([record.id, works, canRefresh, accessTokenText(record, nowMs), ageText(record)]);
  }
  return tableText(table);
}

function statusText(record: CredentialRecord, nowMs: number, checked: boolean): string {
  const works = checked ? 'yes, it was just refreshed' : yesNo(record.works);
  const lines = [
    record.id,
    `  works         ${works}`,
    `  can refresh   ${yesNo(record.can_refresh)}`,
    `  access token  ${accessTokenText(record, nowMs)}`,
    `  scope         ${record.scope ?? 'unknown'}`,
    `  stored        ${ageText(record)}`,
    `  client ID     ${record.client_id}`,
    `  server        ${record.authorization_server}`,
    ...(record.works ? [] : ['', `make it again: snapcapi auth login --id ${record.id}`]),
  ];
  return `${lines.join('\n')}\n`;
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}
