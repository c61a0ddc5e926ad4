const DAYS_BEFORE_MONTH = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334] as const;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const DAYS_0000_TO_1970 = 719_528;

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Whether the day (month and day from 1) exists in the proleptic Gregorian calendar. */
export function isRealDay(year: number, month: number, day: number): boolean {
  const length = DAYS_IN_MONTH[month - 1];
  if (length === undefined || day < 1) return false;
  return day <= length || (month === 2 && day === 29 && isLeap(year));
}

/** Days from 1970-01-01 to a real day of the years 0 to 9999 (`Date.UTC` takes the years 0 to 99 for 1900 to 1999). */
export function epochDay(year: number, month: number, day: number): number {
  const leapDays =
    Math.floor((year + 3) / 4) - Math.floor((year + 99) / 100) + Math.floor((year + 399) / 400);
  const leapDay = month > 2 && isLeap(year) ? 1 : 0;
  return year * 365 + leapDays + (DAYS_BEFORE_MONTH[month - 1] ?? 0) + leapDay + day - 1 - DAYS_0000_TO_1970;
}

/** Value of the two ASCII digits at a position, or -1 when something else is there: `digitsAt` without a loop. */
export function twoDigitsAt(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  // Beyond the end of the text they are NaN.
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

/** Value of the ASCII digits from `start` to `end` (exclusive), or -1 when another character is among them. */
export function digitsAt(text: string, start: number, end: number): number {
  if (end > text.length) return -1;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}
