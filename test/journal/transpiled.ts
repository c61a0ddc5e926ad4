import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from '../support/cli.js';

const FOLDERS = ['.', 'journal'];

/** Puts the journal and the leaves it needs as JavaScript into a new directory, for child processes to load. */
export function transpileJournal(): string {
  const target = mkdtempSync(join(tmpdir(), 'snapcapi-journal-'));
  writeFileSync(join(target, 'package.json'), '{"type":"module"}');
  for (const folder of FOLDERS) {
    mkdirSync(join(target, folder), { recursive: true });
    for (const name of readdirSync(join(ROOT, 'src', folder)).filter((one) => one.endsWith('.ts'))) {
      const source = readFileSync(join(ROOT, 'src', folder, name), 'utf8');
      const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
      const { outputText } = ts.transpileModule(source, { compilerOptions });
      writeFileSync(join(target, folder, name.replace(/\.ts$/, '.js')), outputText);
    }
  }
  return target;
}
