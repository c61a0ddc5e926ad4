import { createRequire } from 'node:module';
import type * as Luxon from 'luxon';
import { lazily } from './lazily.js';

const require = createRequire(import.meta.url);

/** luxon, loaded with the first timestamp that needs it; most inputs have none that does. */
export const luxon = lazily(() => require('luxon') as typeof Luxon);
