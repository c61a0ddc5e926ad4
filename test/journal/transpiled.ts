import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from '../support/cli.js';

const FOLDERS = ['files', 'lock', 'journal', 'tables'];
const LEAVES = ['errors.ts', 'issues.ts', 'printable.ts'];

/** Puts the journal and the leaves it needs as JavaScript into a new directory, for child processes to load. */
export function transpileJournal(): string {
  const target = mkdtempSync(join(tmpdir(), 'snapcapi-journal-'));
  writeFileSync(join(target, 'package.json'), '{"type":"module"}');
  const names = FOLDERS.flatMap((folder) => {
    mkdirSync(join(target, folder));
    return readdirSync(join(ROOT, 'src', folder)).map((name) => join(folder, name));
  });
  for (const name of [...LEAVES, ...names]) {
    const source = readFileSync(join(ROOT, 'src', name), 'utf8');
    const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
    const { outputText } = ts.transpileModule(source, { compilerOptions });
    writeFileSync(join(target, name.replace(/\.ts$/, '.js')), outputText);
  }
  return target;
}
