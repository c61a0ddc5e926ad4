import type { TransformOptions } from '../transform/types.js';
import { resolveColumn, type Resolved } from './resolve.js';

type NamingOptions = Pick<TransformOptions, 'eventSourceType' | 'mapping'>;

/**
 * What a name of a row needs. `nothing`: it is a custom field by itself. `field`: it is a standard field, whatever other
 * names the row has. `plan`: it works together with other names (arrays, extinfo, the output mapping), or is damaged.
 */
export type NameNeed = 'nothing' | 'field' | 'plan';

/** Tells what each name of a row needs. */
export function nameNeeds(names: readonly string[], options: NamingOptions): readonly NameNeed[] {
  const mapped = mappedNames(options);
  const resolved = names.map((name) => ({ name, one: resolve(name, options) }));
  const all = [...[...mapped].map((name) => resolve(name, options)), ...resolved.map(({ one }) => one)];
  const bases = repeated(all.flatMap((one) => (one.kind === 'numbered' ? [fold(one.base)] : [])));

  function needOf(name: string, one: Resolved): NameNeed {
    const folded = fold(name);
    const isSound = folded !== '' && name.isWellFormed() && !name.includes('\0');
    if (!isSound || mapped.has(folded) || bases.has(folded)) return 'plan';
    if (one.kind === 'custom') return 'nothing';
    if (one.kind === 'numbered') return bases.has(fold(one.base)) ? 'plan' : 'nothing';
    return one.kind === 'field' && isAlone(name, one) ? 'field' : 'plan';
  }

  return resolved.map(({ name, one }) => needOf(name, one));
}

/** Whether a field is read from its column alone. Another spelling of its name may clash with this one in another row. */
function isAlone(name: string, { field }: Extract<Resolved, { kind: 'field' }>): boolean {
  if (field.extinfoPosition !== undefined || field.kind === 'extinfo' || field.kind === 'ignored')
    return false;
  return name === field.name;
}

function resolve(name: string, { eventSourceType }: NamingOptions): Resolved {
  return resolveColumn({ name: name.trim(), source: { column: name, index: 0 } }, eventSourceType);
}

function fold(name: string): string {
  return name.trim().toLowerCase();
}

/** The texts that are in a list twice or more. */
function repeated(texts: readonly string[]): ReadonlySet<string> {
  const once = new Set<string>();
  const again = new Set<string>();
  for (const text of texts) (once.has(text) ? again : once).add(text);
  return again;
}

/** Lower-case names that the mapping reads, makes or drops. */
function mappedNames({ mapping }: NamingOptions): ReadonlySet<string> {
  const names = mapping.list.flatMap((entry) => {
    if ('drop' in entry) return [entry.drop];
    return 'from' in entry ? [entry.from, entry.to] : [entry.to];
  });
  return new Set(names.map(fold));
}
