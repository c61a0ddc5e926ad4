import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FIELDS } from '../../src/catalogue/index.js';
import { CONFIG_KEYS } from '../../src/config.js';
import { ERRORS, EXIT } from '../../src/errors.js';
import { ISSUES } from '../../src/issues.js';
import { ROOT, runCli } from '../support/cli.js';

const readme = read('README.md');
const pages = readdirSync(join(ROOT, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => read(join('docs', name)));
const everything = [readme, ...pages].join('\n');

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Names that appear in no code span of a text. */
function missingFrom(text: string, names: readonly string[]): readonly string[] {
  return names.filter((name) => !text.includes(`\`${name}\``));
}

describe('the generated documentation', () => {
  it('is what the program would write now', () => {
    const check = () =>
      execFileSync(process.execPath, ['scripts/docs.mjs', '--check'], { cwd: ROOT, encoding: 'utf8' });
    expect(check()).toBe('');
  });
});

describe('the documentation names', () => {
  it('every config key, in the README and in docs', () => {
    expect(missingFrom(readme, Object.keys(CONFIG_KEYS))).toEqual([]);
    expect(missingFrom(read('docs/config.md'), Object.keys(CONFIG_KEYS))).toEqual([]);
  });

  it('every field, in the README and in docs', () => {
    const names = FIELDS.map((field) => field.name);
    expect(missingFrom(readme, names)).toEqual([]);
    expect(missingFrom(read('docs/fields.md'), names)).toEqual([]);
  });

  it('every issue code and every error code', () => {
    const codes = read('docs/codes.md');
    expect(missingFrom(codes, [...Object.keys(ISSUES), ...Object.keys(ERRORS)])).toEqual([]);
  });

  it('every exit code, in the README and in docs', () => {
    const rows = read('docs/exit-codes.md');
    const exits = Object.values(EXIT);
    expect(exits.filter((exit) => !rows.includes(`| ${exit} |`))).toEqual([]);
    expect(rows).not.toContain('undefined');
    expect(exits.filter((exit) => !new RegExp(`\\b${exit}\\b`).test(readme))).toEqual([]);
  });

  it('every command and every flag', async () => {
    const commands = commandsOf((await runCli(['--help'])).stdout);
    expect(commands).toEqual(expect.arrayContaining(['export', 'check', 'preview', 'columns', 'fields']));
    expect(commands.filter((name) => !everything.includes(`snapcapi ${name}`))).toEqual([]);
    const helps = await Promise.all(commands.map((name) => runCli([name, '--help'])));
    const flags = new Set(helps.flatMap((help) => help.stdout.match(/--[a-z][a-z-]+/g) ?? []));
    expect(flags.size).toBeGreaterThan(20);
    expect([...flags].filter((flag) => !everything.includes(flag))).toEqual([]);
  });
});

describe('the links of the documentation', () => {
  it('lead to files that exist', () => {
    const links = [...readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target]) => target ?? '');
    const fromDocs = pages.flatMap((page) =>
      [...page.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target]) => join('docs', target ?? '')),
    );
    const missing = [...links, ...fromDocs].filter((path) => {
      try {
        return read(path) === '';
      } catch {
        return true;
      }
    });
    expect(missing).toEqual([]);
  });
});

/** The names in the command list of the top-level help, without `help`. */
function commandsOf(help: string): readonly string[] {
  const [, list = ''] = help.split(/^Commands:.*$/m);
  return [...list.matchAll(/^ {2}([a-z]+)\b/gm)]
    .map(([, name]) => name ?? '')
    .filter((name) => name !== 'help');
}
