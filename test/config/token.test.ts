import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { resolveToken } from '../../src/config.js';

const config = ({ api_token: token }: { readonly api_token?: string }) => ({
  method: 'api_token' as const,
  ...(token === undefined ? {} : { token }),
});

function fileWith(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'snapcapi-')), 'token');
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

describe('resolveToken', () => {
  it('prefers the file, then the environment, then the config', async () => {
    const env = { SNAPCAPI_API_TOKEN: 'from-env\n' };
    const tokenFile = fileWith('from-file\r\n');
    expect(await resolveToken(config({ api_token: 'from-config' }), { env, tokenFile })).toBe('from-file');
    expect(await resolveToken(config({ api_token: 'from-config' }), { env })).toBe('from-env');
    expect(await resolveToken(config({ api_token: 'from-config' }))).toBe('from-config');
    expect(
      await resolveToken(config({ api_token: 'from-config' }), { env: { SNAPCAPI_API_TOKEN: ' ' } }),
    ).toBe('from-config');
  });

  it('says what is missing', async () => {
    await expect(resolveToken(config({}))).rejects.toMatchObject({ code: 'token_missing' });
    await expect(resolveToken(config({}), { tokenFile: fileWith('\n') })).rejects.toMatchObject({
      code: 'token_missing',
    });
    await expect(resolveToken(config({}), { tokenFile: '/nonexistent/token' })).rejects.toMatchObject({
      code: 'config_unreadable',
    });
  });

  it('refuses text that cannot be a token, without showing it', async () => {
    const two = resolveToken(config({}), { tokenFile: fileWith('SECRET one\nSECRET two') });
    await expect(two).rejects.toMatchObject({ code: 'token_missing' });
    await expect(two).rejects.not.toThrow(/SECRET/);
  });
});
