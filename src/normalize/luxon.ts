import { createRequire } from 'node:module';
import type * as Luxon from 'luxon';

const require = createRequire(import.meta.url);

/** luxon, loaded with the first timestamp that needs it; most inputs have none that does. */
export const luxon = lazily(() => require('luxon') as typeof Luxon);

function lazily<T>(load: () => T): () => T {
  let loaded: T | undefined;
  return () => (loaded ??= load());
}
