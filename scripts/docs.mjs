#!/usr/bin/env node
// Writes the generated documentation from the built program; with --check it only compares.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './lock.mjs';
import { setup } from './setup.mjs';

const EVENT_SOURCE_TYPES = ['WEB', 'MOBILE_APP', 'OFFLINE'];

const EFFECTS = {
  reject:
    'Values that cannot be sent: the row is invalid, or with `on_invalid_field: drop_field` only the value is left out',
  row: 'Rows that cannot be sent, whatever `on_invalid_field` says',
  drop: 'Warnings: the value is left out, the row is sent',
  keep: 'Warnings: the value is sent as it is',
  input: 'Findings about the columns, once for an input',
  delivery: 'Why a valid row was not delivered',
};

async function load(module) {
  return import(new URL(`../dist/${module}`, import.meta.url));
}

function table(head, rows) {
  const line = (cells) => `| ${cells.map((text) => String(text).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function code(text) {
  return text === '' || text === '–' ? text : `\`${text}\``;
}

function page(title, intro, ...parts) {
  return `# ${title}\n\n<!-- Written by \`npm run docs\`; changes made by hand are lost. -->\n\n${[intro, ...parts].join('\n\n').trimEnd()}\n`;
}

function json(value) {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function configTable({ configKeyRows }) {
  return table(
    ['Key', 'Values', 'Default', 'Required', 'Environment', 'Meaning'],
    configKeyRows().map((row) => [
      code(row.key),
      row.values,
      row.default,
      row.required,
      code(row.environment ?? ''),
      row.summary,
    ]),
  );
}

function codesPage({ ISSUES }, { ERRORS }) {
  const issues = Object.entries(EFFECTS).map(([effect, heading]) => {
    const rows = Object.entries(ISSUES).filter(([, issue]) => issue.effect === effect);
    return `## ${heading}\n\n${table(
      ['Code', 'Meaning', 'What to do'],
      rows.map(([name, issue]) => [code(name), issue.meaning, issue.fix]),
    )}`;
  });
  const errors = table(
    ['Code', 'Exit code', 'Meaning', 'What to do'],
    Object.entries(ERRORS).map(([name, error]) => [code(name), error.exit, error.meaning, error.fix]),
  );
  return page(
    'Codes',
    'Every finding about a row and every error has a code that stays the same between versions. `snapcapi explain CODE` prints the same texts.',
    `## Errors: the run ends\n\n${errors}`,
    ...issues,
  );
}

function exitCodesPage({ EXIT, EXIT_MEANINGS, ERRORS }) {
  const rows = Object.entries(EXIT).map(([name, exit]) => [
    exit,
    EXIT_MEANINGS[name],
    Object.entries(ERRORS)
      .filter(([, error]) => error.exit === exit)
      .map(([errorCode]) => code(errorCode))
      .join(', '),
  ]);
  return page(
    'Exit codes',
    'The numbers follow sysexits.h where it has one. [codes.md](codes.md) explains the error codes.',
    table(['Exit code', 'Meaning', 'Error codes'], rows),
  );
}

function help(command) {
  const args = [join(ROOT, 'bin', 'snapcapi.js'), ...command, '--help'];
  const text = execFileSync(process.execPath, args, { encoding: 'utf8', env: { NO_COLOR: '1' } });
  return `\`\`\`text\n${text.trim()}\n\`\`\``;
}

/** The commands that a help lists, without `help`. */
function commandsIn(text) {
  const [, list = ''] = text.split(/^Commands:$/m);
  return [...list.matchAll(/^ {2}([a-z]+)\b/gm)].map(([, name]) => name).filter((name) => name !== 'help');
}

/** The help of a command and of those below it, each under its own heading. */
function helpSections(command) {
  const text = help(command);
  const inner = commandsIn(text).flatMap((name) => helpSections([...command, name]));
  const heading = `${'#'.repeat(command.length + 1)} snapcapi ${command.join(' ')}`;
  return [`${heading}\n\n${text}`, ...inner];
}

/** The help of every command, as it is printed. */
function commandsPage() {
  const overview = help([]);
  return page(
    'Commands',
    'What `--help` prints. Exit codes are in [exit-codes.md](exit-codes.md).',
    overview,
    ...commandsIn(overview).flatMap((name) => helpSections([name])),
  );
}

/** Path below the root to content, for every file that is generated as a whole. */
function generatedFiles(catalogue, config, issues, errors) {
  const schemas = EVENT_SOURCE_TYPES.map((type) => [
    `docs/event.schema.${type.toLowerCase()}.json`,
    json(catalogue.eventJsonSchema(type)),
  ]);
  return [
    [
      'docs/fields.md',
      page(
        'Fields',
        'Columns with one of these names (in any case) have a meaning of their own; every other column goes to `custom_data` as it is. `snapcapi fields` prints the same, `snapcapi fields --json` for programs.',
        catalogue.fieldsMarkdown(),
      ),
    ],
    [
      'docs/config.md',
      page(
        'Config',
        'The config is one JSON object, in a file (`--config FILE`) or on the command line (`--result JSON`). `${NAME}` inside a string is replaced by the environment variable of that name. A flag overrides the environment, the environment overrides the file, and the file overrides the default. Editors can check it against [config.schema.json](config.schema.json): name that file under the key `$schema`, which the program ignores. The file is UTF-8.',
        configTable(config),
      ),
    ],
    ['docs/commands.md', commandsPage()],
    ['docs/codes.md', codesPage(issues, errors)],
    ['docs/exit-codes.md', exitCodesPage(errors)],
    ['docs/config.schema.json', json(config.configJsonSchema())],
    ...schemas,
  ];
}

/** The README with its marked blocks filled in. */
function fillBlocks(readme, blocks) {
  return Object.entries(blocks).reduce((text, [name, content]) => {
    const start = `<!-- generated:${name} -->`;
    const from = text.indexOf(start);
    const to = text.indexOf('<!-- /generated -->', from);
    if (from < 0 || to < 0) throw new Error(`README.md has no block "${start} ... <!-- /generated -->".`);
    return `${text.slice(0, from + start.length)}\n\n${content.trimEnd()}\n\n${text.slice(to)}`;
  }, readme);
}

function readOrEmpty(file) {
  return existsSync(join(ROOT, file)) ? readFileSync(join(ROOT, file), 'utf8') : '';
}

function update(file, text, check) {
  if (readOrEmpty(file) === text) return true;
  if (!check) writeFileSync(join(ROOT, file), text);
  process.stdout.write(`${file} ${check ? 'is not up to date' : 'written'}\n`);
  return false;
}

async function main(check) {
  setup();
  const catalogue = await load('catalogue/index.js');
  const config = await load('config.js');
  const files = generatedFiles(catalogue, config, await load('issues.js'), await load('errors.js'));
  const upToDate = files.map(([file, text]) => update(file, text, check));
  const blocks = { config: configTable(config), fields: catalogue.fieldsMarkdown() };
  upToDate.push(update('README.md', fillBlocks(readOrEmpty('README.md'), blocks), check));
  if (check && upToDate.includes(false)) throw new Error('Run: npm run docs');
}

try {
  await main(process.argv.includes('--check'));
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
