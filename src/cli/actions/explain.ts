import { ERRORS, EXIT, EXIT_MEANINGS, type ErrorCode } from '../../errors.js';
import { ISSUES, type IssueCode, type IssueEffect } from '../../issues.js';
import { alignColumns } from '../../report/format.js';
import { unknownWord } from '../errors.js';
import type { Output } from '../output.js';

const EFFECTS: Readonly<Record<IssueEffect, string>> = {
  reject: 'the row is invalid (with on_invalid_field drop_field only the value is left out)',
  row: 'the row is invalid',
  drop: 'the value is left out and the row is kept; a warning is counted',
  keep: 'the value is sent; a warning is counted',
  input: 'reported once for each input',
  delivery: 'the row was valid, but was not delivered',
};

/** `snapcapi explain`: what a code means and how to fix it, or all codes. Throws RunError usage. */
export async function runExplain(code: string | undefined, out: Output): Promise<number> {
  await out.write(code === undefined ? listText() : explainCode(code.trim()));
  return 0;
}

function explainCode(given: string): string {
  const code = given
    .toLowerCase()
    .replaceAll('-', '_')
    .replace(/^(error|warning)\[(.*)\]$/, '$2');
  const texts = [issueText(code), errorText(code), exitText(code)].filter((text) => text !== undefined);
  if (texts.length > 0) return texts.join('\n');
  throw unknownWord(
    'code',
    given,
    [...Object.keys(ISSUES), ...Object.keys(ERRORS)],
    '`snapcapi explain` lists all codes.',
  );
}

function issueText(code: string): string | undefined {
  if (!Object.hasOwn(ISSUES, code)) return undefined;
  const issue = ISSUES[code as IssueCode];
  return block(code, [
    ['meaning', issue.meaning],
    ['message', `… ${issue.message}`],
    ['effect', EFFECTS[issue.effect]],
    ['fix', issue.fix],
  ]);
}

function errorText(code: string): string | undefined {
  if (!Object.hasOwn(ERRORS, code)) return undefined;
  const error = ERRORS[code as ErrorCode];
  return block(code, [
    ['meaning', error.meaning],
    ['effect', `the run ends with exit code ${error.exit}`],
    ['fix', error.fix],
  ]);
}

function exitText(code: string): string | undefined {
  const [name] = Object.entries(EXIT).find(([, number]) => String(number) === code) ?? [];
  if (name === undefined) return undefined;
  const errors = Object.entries(ERRORS).filter(([, error]) => String(error.exit) === code);
  return block(`exit code ${code}`, [
    ['meaning', EXIT_MEANINGS[name as keyof typeof EXIT]],
    ...errors.map(([error, { meaning }]) => [error, meaning] as const),
  ]);
}

function block(title: string, rows: readonly (readonly [string, string])[]): string {
  return `${title}\n${alignColumns(
    rows.map(([name, text]) => [`  ${name}`, text]),
    [],
  ).join('\n')}\n`;
}

function listText(): string {
  const issues = Object.entries(ISSUES).map(([code, issue]) => [`  ${code}`, issue.meaning]);
  const errors = Object.entries(ERRORS).map(([code, error]) => [
    `  ${code}`,
    String(error.exit),
    error.meaning,
  ]);
  const exits = Object.entries(EXIT).map(([name, exit]) => [
    `  ${exit}`,
    EXIT_MEANINGS[name as keyof typeof EXIT],
  ]);
  return [
    'Issues of rows and columns',
    ...alignColumns(issues, []),
    '',
    'Errors that end a run, with their exit codes',
    ...alignColumns(errors, []),
    '',
    'Exit codes',
    ...alignColumns(exits, []),
    '',
  ].join('\n');
}
