import { formatIssue, ISSUES, type Issue } from '../issues.js';
import type { CellOf } from './offending-cells.js';
import { jsonText } from './json-text.js';
import type { Rejection } from '../summary.js';

/** An issue as rejects files, previews and JSON answers show it. */
export type IssueRecord = {
  readonly code: string;
  readonly column?: string;
  readonly path?: string;
  readonly message: string;
  readonly fix?: string;
};

/** The issue in words, without the remedy. */
export function issueRecord(issue: Issue): IssueRecord {
  return {
    code: issue.code,
    ...(issue.column === undefined ? {} : { column: issue.column }),
    ...(issue.path === undefined ? {} : { path: issue.path }),
    message: formatIssue(issue),
  };
}

/**
 * One line of the rejects file (JSONL), with its line end. With `cellOf`, each issue of a column has the cell as `value`:
 * personal data, only for those who asked for it.
 */
export function rejectLine(rejection: Rejection, cellOf: CellOf = () => undefined): string {
  const { place, outcome, issues } = rejection;
  return `${jsonText({
    file: place.file,
    row: place.row,
    line: place.line,
    outcome,
    issues: issues.map((issue) => ({
      ...issueRecord(issue),
      ...valueOf(issue, cellOf),
      fix: ISSUES[issue.code].fix,
    })),
  })}\n`;
}

function valueOf({ column }: Issue, cellOf: CellOf): { readonly value?: string } {
  const value = column === undefined ? undefined : cellOf(column);
  return value === undefined ? {} : { value };
}
