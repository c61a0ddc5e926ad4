import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FIELDS } from '../../src/catalogue/index.js';
import { ROOT } from '../support/cli.js';
import { readText } from '../support/project.js';

const policy = readText('SECURITY.md');
const release = readText('.github/workflows/release.yml');

describe('the security policy', () => {
  it('is found from the README, and its links lead somewhere', () => {
    expect(readText('README.md')).toContain('](SECURITY.md)');
    const links = [...policy.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target]) => target ?? '');
    expect(links).not.toEqual([]);
    expect(links.filter((target) => !existsSync(join(ROOT, target)))).toEqual([]);
  });

  it('names exactly the columns that are hashed', () => {
    const [, named = ''] = /^\*\*Hashed .*?:\*\* ([^.]+)\./m.exec(policy) ?? [];
    const columns = [...named.matchAll(/`(\w+)`/g)].map(([, name]) => name);
    expect(columns.sort()).toEqual(
      FIELDS.filter((field) => field.hashed)
        .map((field) => field.name)
        .sort(),
    );
  });

  it('names commands, flags and variables that there are', () => {
    const commands = [readText('docs/commands.md'), readText('docs/config.md')].join('\n');
    const code = [...policy.matchAll(/`([^`\n]+)`/g)].map(([, text]) => text ?? '');
    const flags = code
      .filter((text) => !text.startsWith('npm '))
      .flatMap((text) => text.match(/--[a-z-]+/g) ?? []);
    const variables = code.flatMap((text) => text.match(/SNAPCAPI_\w+/g) ?? []);
    const named = code.flatMap((text) => /^snapcapi ((?:runs )?[a-z]+)/.exec(text)?.[0] ?? []);
    expect(named).toContain('snapcapi runs clean');
    expect(named.filter((name) => !commands.includes(name))).toEqual([]);
    expect(flags.length).toBeGreaterThan(5);
    const known = new Set(commands.match(/--[a-z-]+|SNAPCAPI_\w+/g));
    expect([...flags, ...variables].filter((name) => !known.has(name))).toEqual([]);
  });

  it('tells of releases what the workflow does', () => {
    expect(policy).toContain('snapcapi-X.Y.Z.cdx.json');
    expect(release).toContain('"snapcapi-$version.tgz" "snapcapi-$version.cdx.json" SHA256SUMS');
    expect(policy).toMatch(/on Node 20, 22 and 24/);
    expect(release).toContain('node: [20, 22, 24]');
    const [, most] =
      /^const MAX_PACKAGES = (\d+);$/m.exec(readText('test/project/dependencies.test.ts')) ?? [];
    expect(policy).toContain(`at most ${most ?? '?'} packages`);
  });
});
