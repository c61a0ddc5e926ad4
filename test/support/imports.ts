import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import ts from 'typescript';
import { ROOT } from './cli.js';

const SRC = join(ROOT, 'src');

/** One import of a source file; `file` and a relative `target` are paths below src/ with forward slashes. */
export type Import = {
  readonly file: string;
  readonly specifier: string;
  /** The imported file, for a relative specifier; absent for packages and Node's own modules. */
  readonly target?: string;
  readonly typeOnly: boolean;
  /** Loaded by a call, when it is needed, and not with the file. */
  readonly dynamic: boolean;
};

/** All TypeScript files below src/, with forward slashes, sorted. */
export function sourceFiles(): readonly string[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.replaceAll('\\', '/'))
    .sort();
}

/** Every import, re-export, dynamic import and require call of a file below src/. */
export function importsOf(file: string): readonly Import[] {
  const text = readFileSync(join(SRC, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    const reference = referenceOf(node);
    if (reference !== undefined) found.push(makeImport(file, reference));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The package a bare specifier belongs to: `@scope/name` or `name`. */
export function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

type Reference = Pick<Import, 'specifier' | 'typeOnly' | 'dynamic'>;

function referenceOf(node: ts.Node): Reference | undefined {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    return { specifier: node.moduleSpecifier.text, typeOnly: isTypeOnlyImport(node), dynamic: false };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
    return { specifier: node.moduleSpecifier.text, typeOnly: node.isTypeOnly, dynamic: false };
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return ts.isStringLiteral(node.argument.literal)
      ? { specifier: node.argument.literal.text, typeOnly: true, dynamic: false }
      : undefined;
  }
  return ts.isCallExpression(node) ? referenceOfCall(node) : undefined;
}

/** `import('x')` and `require('x')`, also of a require made by createRequire. */
function referenceOfCall(node: ts.CallExpression): Reference | undefined {
  const [first] = node.arguments;
  if (first === undefined || !ts.isStringLiteralLike(first)) return undefined;
  const callee = node.expression;
  const loads =
    callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require');
  return loads ? { specifier: first.text, typeOnly: false, dynamic: true } : undefined;
}

function isTypeOnlyImport(node: ts.ImportDeclaration): boolean {
  const clause = node.importClause;
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const bindings = clause.namedBindings;
  if (clause.name !== undefined || bindings === undefined || !ts.isNamedImports(bindings)) return false;
  return bindings.elements.length > 0 && bindings.elements.every((element) => element.isTypeOnly);
}

function makeImport(file: string, reference: Reference): Import {
  const { specifier } = reference;
  if (!specifier.startsWith('.')) return { file, ...reference };
  const target = posix.normalize(posix.join(dirname(file), specifier)).replace(/\.js$/, '.ts');
  return { file, target, ...reference };
}
