/** A name from the input, safe to print: control characters escaped, at most 80 characters. */
export function quoteName(name: string): string {
  const short = name.length > 80 ? `${name.slice(0, 77)}...` : name;
  return escapeHidden(JSON.stringify(short));
}

/** The text with every control, invisible and direction character but the line feed written as `\\u` and four digits. */
export function escapeHidden(text: string): string {
  return text.replace(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, (char) =>
    char.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}
