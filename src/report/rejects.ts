import { formatIssue, ISSUES, type Issue } from '../issues.js';
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

/** One line of the rejects file (JSONL), with its line end. */
export function rejectLine(rejection: Rejection): string {
  const { place, outcome, issues } = rejection;
  return `${JSON.stringify({
    file: place.file,
    row: place.row,
    line: place.line,
    outcome,
    issues: issues.map((issue) => ({ ...issueRecord(issue), fix: ISSUES[issue.code].fix })),
  })}\n`;
}
