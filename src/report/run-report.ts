import type { Config } from '../config.js';
import type { RunError } from '../errors.js';
import type { RunSummary } from '../summary.js';
import type { WrittenOutputs } from './outputs.js';
import type { RejectionCount } from './tally.js';

/** What a summary is completed with before it is shown. */
export type ReportContext = {
  readonly command: 'export' | 'check';
  readonly version: string;
  readonly config: Config;
  readonly rejections: readonly RejectionCount[];
  readonly outputs: WrittenOutputs;
  /** Flags that a command about this run needs: `--config result.json`, and ` --state-dir DIR` or nothing. */
  readonly recall?: { readonly config: string; readonly stateDir: string };
  /** The rejects file, when it is as an earlier run left it. */
  readonly earlierRejects?: string;
};

/** The error of a run as plain data. */
export function errorRecord(error: RunError): object {
  const { code, message, place, fix } = error;
  return { code, message, ...(Object.keys(place).length === 0 ? {} : { place }), fix };
}

/**
 * The run as plain data, for `--report` and `--json`: counts, reasons and settings; no cell value, no token,
 * no URL but the host of the API.
 */
export function reportRecord(summary: RunSummary, context: ReportContext): object {
  return {
    tool: { name: 'snapcapi', version: context.version },
    command: context.command,
    mode: summary.mode,
    run: summary.run ?? null,
    earlierRuns: (summary.earlierRuns ?? []).map(earlierRecord),
    closedRuns: summary.closedRuns ?? [],
    removed: summary.removed ?? { runs: 0, copies: 0 },
    exitCode: summary.exitCode,
    error: summary.error === undefined ? null : errorRecord(summary.error),
    startedAt: summary.startedAt,
    asOf: summary.asOf,
    durationMs: summary.durationMs,
    rowsRead: summary.rowsRead,
    outcomes: summary.outcomes,
    inputs: summary.inputs,
    rejections: context.rejections,
    inputWarnings: summary.inputWarnings,
    warnings: summary.warnings,
    events: summary.events,
    delivery: {
      endpoint: summary.endpoint,
      batches: summary.batches,
      requests: summary.requests,
      retries: summary.retries,
      bytesSent: summary.bytesSent,
    },
    config: configFacts(context.config),
    outputs: context.outputs,
  };
}

/** A run that was resumed before the command's own. */
function earlierRecord(summary: RunSummary): object {
  const { run, exitCode, error, asOf, rowsRead, outcomes, inputs } = summary;
  return {
    run: run ?? null,
    exitCode,
    error: error === undefined ? null : errorRecord(error),
    ...{ asOf, rowsRead, outcomes, inputs },
  };
}

/** The settings of a run that may be shown. Constants, templates and values of variables are left out. */
function configFacts(config: Config): object {
  const { auth, apiBaseUrl, mapping, variables, ...settings } = config;
  return {
    authMethod: auth.method,
    apiHost: hostOf(apiBaseUrl),
    ...settings,
    columns: mapping.list.length === 0 ? 'all' : { all: mapping.all, entries: mapping.list.length },
    variables: Object.keys(variables),
  };
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '';
}
