import type { Config } from './config.js';
import type { Issue } from './issues.js';
import type { OpenedInput } from './read/types.js';

/** How one column of an input is understood. */
export type ColumnDescription = {
  readonly column: string;
  /** Position in the input, from 1. */
  readonly position: number;
  readonly meaning:
    'standard' | 'array_element' | 'contents' | 'extinfo' | 'custom' | 'custom_array' | 'ignored';
  readonly field?: string;
  /** Place in the event, such as `user_data.em[]`. */
  readonly path?: string;
  readonly hashed: boolean;
  /** Standard field the name is suspiciously close to. */
  readonly suggestion?: string;
  readonly issues: readonly Issue[];
};

/** Describes the columns of an opened input (for JSONL: of its first rows). Throws RunError header_invalid. */
export function describeColumns(input: OpenedInput, config: Config): Promise<readonly ColumnDescription[]> {
  throw new Error(`being written: ${input.name} ${config.eventSourceType}`);
}
