/** Calls `load` at the first use and gives its result from then on. */
export function lazily<T>(load: () => T): () => T {
  let loaded: T | undefined;
  return () => (loaded ??= load());
}
