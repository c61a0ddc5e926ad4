import { problem } from '../issues.js';

const invalid = (reason: string) => problem('invalid_event_time', { reason });

/** Why a text is no point in time: the closed list of reasons. */
export const TOO_FEW_DIGITS = invalid('fewer than 10 digits');
export const TOO_MANY_DIGITS = invalid('more than 19 digits');
export const NOT_WHOLE = invalid('not a whole number');
export const NEGATIVE_NUMBER = invalid('a negative number');
export const NO_SUCH_DAY = invalid('no such day');
export const NO_SUCH_TIME = invalid('no such time of day');
export const SKIPPED_TIME = invalid('the clocks of its time zone skip it');
export const UNKNOWN_ZONE = invalid('unknown time zone');
export const UNKNOWN_FORMAT = invalid('not a known format');
