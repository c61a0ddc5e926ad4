/**
 * Problems of a row or a header, as values. A problem is a code with arguments; one formatter makes the sentence.
 * No message ever holds a cell value: arguments are names, positions, limits and closed words only.
 */

import { quoteName } from './printable.js';
import { ISSUES } from './tables/issues.js';

export { ISSUES, type IssueEffect } from './tables/issues.js';

export type IssueCode = keyof typeof ISSUES;

export type IssueArgs = Readonly<Record<string, string | number>>;

/** What a normalizer or check finds wrong with a value; the transform adds the place. */
export type Problem = { readonly code: IssueCode; readonly args?: IssueArgs };

/** A problem with its place: `column` as the input names it, `path` as the event names it. */
export type Issue = Problem & { readonly column?: string; readonly path?: string };

/** Makes a frozen problem; keep constant ones in a module constant, so that no row allocates them. */
export function problem(code: IssueCode, args?: IssueArgs): Problem {
  return Object.freeze(args === undefined ? { code } : { code, args });
}

/** Tells a problem from a normalized value (values are never plain objects with a `code`). */
export function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'code' in value;
}

/** The sentence for an issue: place, what is wrong. The remedy is `ISSUES[code].fix`. */
export function formatIssue(issue: Issue): string {
  const { message } = ISSUES[issue.code];
  const text = message.replace(/\{(\w+)\}/g, (_, name: string) => String(issue.args?.[name] ?? name));
  return `${subjectOf(issue)} ${text}`;
}

function subjectOf({ code, column, path }: Issue): string {
  if (column !== undefined) return `column ${quoteName(column)}`;
  return path ?? (ISSUES[code].effect === 'input' ? 'the input' : 'the row');
}
