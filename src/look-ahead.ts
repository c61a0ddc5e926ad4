import type { Config } from './config.js';
import { interruption } from './errors.js';
import { checkHeader } from './header-check.js';
import type { Issue } from './issues.js';
import { findPersonalData, type PersonalFinding } from './personal/index.js';
import { buildPlan } from './plan/index.js';
import { openInput, type Input, type OpenedInput, type ReadOptions } from './read/index.js';
import { canReopen, reopenLater } from './reopen.js';
import { readFirstChunks, replayChunks, sampleRows, type FirstChunks } from './sample.js';
import type { TransformOptions } from './transform/types.js';

export type LookOptions = {
  readonly read: ReadOptions;
  readonly transform: TransformOptions;
  readonly rule: Config['personalData'];
  readonly signal: AbortSignal | undefined;
};

/** An input that was looked at before anything is sent. All its rows are still to be read. */
export type LookedAt = { readonly input: OpenedInput; readonly finding: PersonalFinding };

/**
 * Opens an input, checks its header and looks for personal data in its first rows. A file is closed again and opened when
 * its turn comes; what can be read only once stays open, and its first rows are kept. Throws RunError.
 */
export async function lookAhead(given: Input, index: number, options: LookOptions): Promise<LookedAt> {
  const opened = await openInput(given, index, options.read);
  try {
    checkHeader(opened, options.transform);
    const first = await readFirstChunks(opened);
    // What was read until an interrupt is no sample.
    if (options.signal?.aborted === true) throw interruption(options.signal);
    const finding = findIn(opened, first, options);
    const warnings = [...opened.warnings, ...warningsOf(finding, options.rule)];
    const input = { ...opened, warnings };
    if (!(await canReopen(given))) return { input: { ...input, chunks: replayChunks(first) }, finding };
    await opened.close();
    return { input: reopenLater(given, input, options.read), finding };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** What the first rows of an input hold that the config does not allow. */
export function findIn(
  input: OpenedInput,
  first: FirstChunks,
  { transform, rule }: Pick<LookOptions, 'transform' | 'rule'>,
): PersonalFinding {
  const { name: file, header = [] } = input;
  return findPersonalData(sampleRows(input, first), {
    file,
    header: header.length === 0 ? undefined : header,
    rule,
    nullTexts: transform.nullTexts,
    planOf: (names) => buildPlan(names, transform).plan,
  });
}

function warningsOf({ columns }: PersonalFinding, rule: Config['personalData']): readonly Issue[] {
  return rule === 'warn' ? columns.map(({ name }) => ({ code: 'personal_data', column: name })) : [];
}
