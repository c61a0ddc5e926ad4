import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/cli.js';
import { sourceFiles } from '../support/imports.js';
import { npm, readJson, readText, type Manifest } from '../support/project.js';

type Packed = {
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string; readonly mode: number }[];
};

const MAX_PACKED_BYTES = 600_000;
const MAX_UNPACKED_BYTES = 2_000_000;
const SINGLE_FILES = [
  'package.json',
  'README.md',
  'LICENSE',
  'CHANGELOG.md',
  'bin/snapcapi.js',
  'dist/help.txt',
  'dist/version.txt',
];
const UNWANTED =
  /\.(?:map|tsbuildinfo|stamp|tgz|log|pem|key|p12|env)$|\.(?:test|spec)\.|(?:^|\/)(?:\.[^/]+|credentials[^/]*\.json|__\w+__|tests?|fixtures?|node_modules)(?:\/|$)/i;
const SECRETS = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\bnpm_[A-Za-z0-9]{36}\b/,
  /\bgh[pousr]_[A-Za-z0-9]{36}\b/,
  /\beyJ[\w-]{15,}\.eyJ[\w-]{15,}\.[\w-]{15,}/,
  /_authToken\s*=/,
];

const manifest = readJson('package.json') as Manifest;

describe('the packed package', () => {
  const [packed] = npm(['pack', '--dry-run', '--json', '--ignore-scripts']) as readonly [Packed];
  const paths = packed.files.map((file) => file.path);

  it('has the program with its types, its documentation, and nothing else', () => {
    const program = sourceFiles().flatMap((file) => {
      const stem = `dist/${file.replace(/\.ts$/, '')}`;
      return [`${stem}.js`, `${stem}.d.ts`];
    });
    const docs = readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`);
    expect(program).toEqual(expect.arrayContaining(['dist/index.js', 'dist/index.d.ts', 'dist/cli/main.js']));
    expect(docs).toEqual(expect.arrayContaining(['docs/fields.md', 'docs/config.schema.json']));
    expect(docs.filter((path) => !/\.(?:md|json)$/.test(path))).toEqual([]);
    expect([...paths].sort()).toEqual([...SINGLE_FILES, ...docs, ...program].sort());
  });

  it('has no test, fixture, source map, hidden file or credential', () => {
    expect(paths.filter((path) => UNWANTED.test(path))).toEqual([]);
  });

  it('holds neither a secret nor the folder it was built in', () => {
    const texts = paths.map((path) => [path, readFileSync(join(ROOT, path), 'utf8')] as const);
    const telling = texts.filter(
      ([, text]) => text.includes(ROOT) || SECRETS.some((secret) => secret.test(text)),
    );
    expect(telling.map(([path]) => path)).toEqual([]);
  });

  it(`stays below ${MAX_PACKED_BYTES} bytes packed and ${MAX_UNPACKED_BYTES} unpacked`, () => {
    expect(packed.size).toBeLessThan(MAX_PACKED_BYTES);
    expect(packed.unpackedSize).toBeLessThan(MAX_UNPACKED_BYTES);
  });
});

it('the changelog starts with the version of the package', () => {
  const [, newest] = /^## \[?(\d+\.\d+\.\d+|Unreleased)\]?/m.exec(readText('CHANGELOG.md')) ?? [];
  expect([manifest.version, 'Unreleased']).toContain(newest);
});
