/** A Markdown table: the first column to the left, numbers to the right. */
export function table(header, rows) {
  const all = [header, ...rows].map((cells) => cells.map(String));
  const widths = header.map((_, i) => Math.max(3, ...all.map((cells) => cells[i].length)));
  const line = (cells) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(' | ')} |`;
  const rule = `|${widths.map((width, i) => (i === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  const [first, ...rest] = all.map(line);
  return [first, rule, ...rest].join('\n');
}

/** Seconds with two digits, from milliseconds. */
export function seconds(ms) {
  return (ms / 1000).toFixed(2);
}

/** A whole number with separators between thousands. */
export function whole(number) {
  return Math.round(number).toLocaleString('en-US');
}

/** A ratio, and how far its rounds lie apart. */
export function ratioText(ratio) {
  if (ratio === undefined) return '';
  const spread = ratio.least === ratio.most ? '' : ` (${ratio.least.toFixed(2)} to ${ratio.most.toFixed(2)})`;
  return `${ratio.median.toFixed(2)}${spread}`;
}
