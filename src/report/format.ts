import { quoteName } from '../printable.js';
import type { RowPlace } from '../types.js';

/** 1234567 as `1,234,567`. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Bytes as `1.2 MB`, in steps of 1000. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let size = bytes / 1000;
  let unit = 0;
  while (size >= 999.95 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${size.toFixed(1)} ${units[unit] ?? ''}`;
}

/** Milliseconds as `840 ms`, `3.2 s`, `4 min 05 s` or `2 h 03 min`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${pad(seconds % 60)} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${pad(minutes % 60)} min`;
}

function pad(count: number): string {
  return String(count).padStart(2, '0');
}

/** A share of a whole as `12.5 %`; empty when the whole is 0. Never rounds a part up to the whole or down to nothing. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0) return '';
  const share = (part / whole) * 100;
  if (part > 0 && share < 0.1) return '<0.1 %';
  if (part < whole && share > 99.9) return '>99.9 %';
  return `${share.toFixed(1)} %`;
}

/** `rows.csv:13 row 12`, safe to print. */
export function formatPlace(place: RowPlace): string {
  return `${printableName(place.file)}:${place.line} row ${place.row}`;
}

/** A row outcome in words. */
export function outcomeLabel(outcome: string): string {
  return outcome.replaceAll('_', ' ');
}

/** A file name as it is when it is plain, quoted and escaped when it is not. */
export function printableName(name: string): string {
  return /^[\w./@+=,-]{1,80}$/.test(name) ? name : quoteName(name);
}

/** Rows of cells as text lines with aligned columns; columns in `rightAligned` (from 0) are numbers. */
export function alignColumns(
  rows: readonly (readonly string[])[],
  rightAligned: readonly number[],
): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  return rows.map((row) =>
    row
      .map((cell, index) => {
        const width = widths[index] ?? 0;
        return rightAligned.includes(index) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
}

/** Counts by outcome, such as `1,200 in doubt`; those of 0 are left out. */
export function outcomeCounts(outcomes: Readonly<Record<string, number>>): readonly string[] {
  return Object.entries(outcomes)
    .filter(([, count]) => count > 0)
    .map(([outcome, count]) => `${formatCount(count)} ${outcomeLabel(outcome)}`);
}
