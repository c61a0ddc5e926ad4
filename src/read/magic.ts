/** Whether the bytes begin with these; `undefined` is any byte. */
export function startsWith(head: Uint8Array, magic: readonly (number | undefined)[]): boolean {
  return head.length >= magic.length && magic.every((byte, i) => byte === undefined || head[i] === byte);
}

/** Control characters that no text has: all of C0 but tab, line feed, form feed, carriage return. */
export function hasControls(bytes: Uint8Array): boolean {
  return bytes.some((byte) => byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13);
}
