/** The parameters of a query or a form, each name once. An empty value counts as not given (RFC 6749, 3.1 and 3.2). */
export type Parameters = {
  readonly get: (name: string) => string | undefined;
  /** Whether a name stands there twice, which OAuth forbids. */
  readonly isRepeated: boolean;
};

/** Reads `name=value&…`; a leading question mark is left out. */
export function readParameters(text: string): Parameters {
  const values = new Map<string, string>();
  let isRepeated = false;
  for (const [name, value] of new URLSearchParams(text)) {
    if (values.has(name)) isRepeated = true;
    values.set(name, value);
  }
  return { get: (name) => values.get(name) || undefined, isRepeated };
}
