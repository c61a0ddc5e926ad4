import { escapeHidden } from '../printable.js';

/**
 * A value as JSON text without line end, fit to be shown anywhere: nothing in it can steer a terminal, hide, or be read as
 * HTML. A JSON parser gives back the very value.
 */
export function jsonText(value: unknown, indent?: number): string {
  return harmlessJson(JSON.stringify(value, null, indent));
}

/**
 * JSON text in which the control characters that JSON allows unescaped are escaped: some steer a terminal, also behind a pipe
 * (`| head`). The same value; all other bytes stay as they are.
 */
export function withoutControls(text: string): string {
  return text.replace(/[\u007f-\u009f]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** JSON text in which control, invisible and direction characters and `<`, `>`, `&` are escaped; the same value. */
export function harmlessJson(text: string): string {
  // Outside of strings, JSON text has none of these but the line end.
  return escapeHidden(text).replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
}
