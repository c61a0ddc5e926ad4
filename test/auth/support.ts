import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { Credential } from '../../src/auth/types.js';

/** A credential in which everything is set. */
export const CREDENTIAL: Credential = {
  clientId: 'client-1',
  clientSecret: 'CANARY-client-secret',
  accountsUrl: 'https://accounts.snapchat.com',
  accessToken: 'CANARY-access',
  expiresAtMs: 1_790_000_000_000,
  refreshToken: 'CANARY-refresh',
  scope: 'snapchat-marketing-api',
  updatedAtMs: 1_789_999_000_000,
};

/** The path of a folder that each test of the file has to itself. */
export function folderPerTest(): () => string {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'snapcapi-auth-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return () => folder;
}
