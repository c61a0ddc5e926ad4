import { builtinModules } from 'node:module';
import { describe, expect, it } from 'vitest';
import { importsOf, packageOf, sourceFiles } from '../support/imports.js';
import type { Import } from '../support/imports.js';

/**
 * The layers of the program, lowest first. A file may import from its own layer and from those below;
 * imports of types count like all others. Folders end in a slash.
 */
const LAYERS: readonly (readonly string[])[] = [
  [
    'types.ts',
    'issues.ts',
    'errors.ts',
    'events.ts',
    'nearest.ts',
    'tables/',
    'access.ts',
    'secrets.ts',
    'printable.ts',
    'json-fault.ts',
    'time-units.ts',
  ],
  ['normalize/'],
  ['catalogue/'],
  ['read/', 'plan/', 'transform/'],
  ['files/'],
  ['lock/'],
  ['network/'],
  ['run/', 'deliver/', 'journal/', 'auth/'],
  // The files directly below src/ that no other layer names are the pipeline.
  ['*', 'config/', 'personal/', 'report/', 'resume/', 'simulator/'],
  ['index.ts', 'cli/'],
];

/** Where a third-party package may be imported: one home each, so that it can be replaced in one place. */
const HOMES: Readonly<Record<string, readonly string[]>> = {
  'csv-parse': ['read/'],
  'iconv-lite': ['read/'],
  'lossless-json': ['read/'],
  luxon: ['normalize/'],
  'i18n-iso-countries': ['normalize/'],
  'libphonenumber-js': ['normalize/'],
  undici: ['network/'],
  oauth4webapi: ['auth/'],
  read: ['cli/'],
  pino: ['cli/'],
  commander: ['cli/'],
  'cli-table3': ['cli/'],
  zod: ['config/', 'deliver/', 'auth/', 'simulator/'],
  // Plain edit distance; what counts as near differs for words and for column names.
  'fastest-levenshtein': ['nearest.ts', 'catalogue/'],
};

/** What turns rows into events must load none of these: it runs in threads that never see the token. */
const PURE = ['read/', 'plan/', 'transform/', 'run/'];
const FORBIDDEN_IN_PURE = ['undici', 'pino', 'commander', 'cli-table3', 'zod'];

const files = sourceFiles();
const imports: readonly Import[] = files.flatMap((file) => importsOf(file));
const inner = imports.filter((one): one is Import & { readonly target: string } => one.target !== undefined);
const isBuiltin = (specifier: string) =>
  specifier.startsWith('node:') || builtinModules.includes(packageOf(specifier));

function isIn(file: string, places: readonly string[]): boolean {
  return places.some((place) => (place.endsWith('/') ? file.startsWith(place) : file === place));
}

function rankOf(file: string): number {
  const rank = LAYERS.findIndex((places) => isIn(file, places));
  return rank < 0 && !file.includes('/') ? LAYERS.findIndex((places) => places.includes('*')) : rank;
}

function show(one: Import): string {
  return `${one.file} imports ${one.target ?? one.specifier}`;
}

/** Everything a file may load, itself included; imports of types load nothing. */
function loadedBy(start: string, loads = (one: Import) => !one.typeOnly): ReadonlySet<string> {
  const loaded = new Set<string>();
  const open = [start];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (loaded.has(file)) continue;
    loaded.add(file);
    for (const one of imports) {
      if (one.file !== file || !loads(one)) continue;
      if (one.target === undefined) loaded.add(packageOf(one.specifier));
      else open.push(one.target);
    }
  }
  return loaded;
}

describe('the layers', () => {
  it('know every file', () => {
    expect(files.filter((file) => rankOf(file) < 0)).toEqual([]);
    expect(files.length).toBeGreaterThan(50);
  });

  it('name files that exist', () => {
    expect(inner.filter((one) => !files.includes(one.target)).map(show)).toEqual([]);
  });

  it('import downward only', () => {
    expect(inner.filter((one) => rankOf(one.target) > rankOf(one.file)).map(show)).toEqual([]);
  });

  it('keep run, deliver and journal apart', () => {
    const siblings = ['run/', 'deliver/', 'journal/'];
    const crossing = inner.filter((one) => {
      const home = siblings.find((folder) => isIn(one.file, [folder]));
      return home !== undefined && siblings.some((folder) => folder !== home && isIn(one.target, [folder]));
    });
    expect(crossing.map(show)).toEqual([]);
  });

  it('keep the journal to itself and the leaves', () => {
    const leaves = ['types.ts', 'issues.ts', 'errors.ts', 'events.ts', 'printable.ts', 'tables/'];
    const strays = inner.filter(
      (one) => isIn(one.file, ['journal/']) && !isIn(one.target, ['journal/', 'files/', 'lock/', ...leaves]),
    );
    expect(strays.map(show)).toEqual([]);
  });

  it('keep the simulator to itself, so that no mistake can cancel itself out', () => {
    const shared = inner.filter(
      (one) => isIn(one.file, ['simulator/']) && !isIn(one.target, ['simulator/', 'errors.ts']),
    );
    expect(shared.map(show)).toEqual([]);
    const users = inner.filter(
      (one) => isIn(one.target, ['simulator/']) && !isIn(one.file, ['simulator/', 'cli/', 'index.ts']),
    );
    expect(users.map(show)).toEqual([]);
  });

  it('load no file in a circle', () => {
    const atOnce = (one: Import) => !one.typeOnly && !one.dynamic;
    const circles = inner.filter((one) => atOnce(one) && loadedBy(one.target, atOnce).has(one.file));
    expect(circles.map(show)).toEqual([]);
  });
});

describe('third-party packages', () => {
  const foreign = imports.filter((one) => one.target === undefined && !isBuiltin(one.specifier));

  it('are imported in their home only', () => {
    const strays = foreign.filter((one) => !isIn(one.file, HOMES[packageOf(one.specifier)] ?? []));
    expect(strays.map(show)).toEqual([]);
  });

  it.each(PURE)('stay out of what %s loads', (folder) => {
    const loaded = files
      .filter((file) => isIn(file, [folder]))
      .flatMap((file) =>
        [...loadedBy(file)]
          .filter((name) => FORBIDDEN_IN_PURE.includes(name) || isIn(name, ['deliver/', 'cli/', 'auth/']))
          .map((name) => `${file} loads ${name}`),
      );
    expect(loaded).toEqual([]);
  });

  it('are named with node: when they are part of Node', () => {
    const bare = imports.filter(
      (one) => isBuiltin(one.specifier) && one.target === undefined && !one.specifier.startsWith('node:'),
    );
    expect(bare.map(show)).toEqual([]);
  });
});
