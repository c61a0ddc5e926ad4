import type { Issue } from '../issues.js';
import type { Cell, Row } from '../types.js';

const MAX_ISSUES = 10;

/**
 * Finds what no rule may see: NUL characters, halves of surrogate pairs (both would silently change a hash)
 * and numbers that are not finite, also inside nested values. `names` is parallel to `row`.
 */
export function findDamage(row: Row, names: readonly string[]): readonly Issue[] {
  const issues: Issue[] = [];
  for (let index = 0; index < row.length && issues.length < MAX_ISSUES; index += 1) {
    const code = damageOf(row[index]);
    if (code !== undefined) issues.push({ code, column: names[index]?.trim() ?? '' });
  }
  return issues;
}

/** What is wrong with a value, at any depth. */
export function damageOf(cell: Cell): Issue['code'] | undefined {
  if (typeof cell !== 'object') return scalarDamage(cell);
  // An explicit stack: nested values can be deeper than the call stack allows.
  const stack: Cell[] = [cell];
  while (stack.length > 0) {
    const value = stack.pop();
    const code = typeof value === 'object' ? pushMembers(value, stack) : scalarDamage(value);
    if (code !== undefined) return code;
  }
  return undefined;
}

function scalarDamage(value: Cell): Issue['code'] | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : 'number_not_finite';
  if (typeof value !== 'string') return undefined;
  if (value.includes('\0')) return 'nul_character';
  return value.isWellFormed() ? undefined : 'lone_surrogate';
}

function pushMembers(value: object | null, stack: Cell[]): Issue['code'] | undefined {
  if (value === null) return undefined;
  if (Array.isArray(value)) {
    for (const element of value as readonly Cell[]) stack.push(element);
    return undefined;
  }
  for (const [key, member] of Object.entries(value as { readonly [key: string]: Cell })) {
    const code = scalarDamage(key);
    if (code !== undefined) return code;
    stack.push(member);
  }
  return undefined;
}

/** Names that cannot be written as keys. */
export function findDamagedNames(names: readonly string[]): readonly Issue[] {
  return names.flatMap((name) => {
    const code = scalarDamage(name);
    return code === undefined ? [] : [{ code, column: name }];
  });
}
