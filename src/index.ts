/** Public API of snapcapi. Everything else may change between minor versions. */
export { exportRows } from './pipeline.js';
export { previewBodies, previewRows, type PreviewOptions, type PreviewRow } from './preview.js';
export { describeColumns, type ColumnDescription } from './columns.js';
export { parseConfig, type Config } from './config.js';
export { fixedToken, type AccessTokens } from './access.js';
export { environmentAccess, storedAccess, type AccessOptions } from './auth/access.js';
export { openCredentialStore } from './auth/store.js';
export type { Credential, CredentialStore, OAuthClient, TokenSet } from './auth/types.js';
export { createSecrets, type Secrets } from './secrets.js';
export { bytesInput, fileInput, openInput, stdinInput, DEFAULT_READ_OPTIONS } from './read/index.js';
export type { Input, OpenedInput, ReadOptions } from './read/types.js';
export type {
  ExportOptions,
  InputSummary,
  Journaling,
  Rejection,
  RejectionSink,
  RunMode,
  RunRecord,
  RunSummary,
  WarningCount,
} from './summary.js';
export type { AttemptReport, EventAnswer, Observer, RunEvent } from './events.js';
export { ISSUES, formatIssue, type Issue, type IssueCode } from './issues.js';
export { ERRORS, EXIT, RunError, type ErrorCode } from './errors.js';
export { FIELDS, eventJsonSchema, type FieldSpec } from './catalogue/index.js';
export { startSimulator, type Simulator, type SimulatorOptions } from './simulator/index.js';
export type { EventSourceType, InputFormat, RowOutcome, RowPlace } from './types.js';
