import { isUtf8 } from 'node:buffer';

import { RunError } from '../errors.js';
import { shellQuote } from '../files/private.js';
import { lineAndColumn } from '../json-fault.js';
import { quoteName } from '../printable.js';

/**
 * The text of a config file, which has to be UTF-8; a byte order mark is removed. Throws RunError config_unreadable for other
 * bytes, with the place: a replaced character in a constant would change a hash.
 */
export function decodeConfig(bytes: Uint8Array, path: string): string {
  const utf16 = utf16Encoding(bytes);
  if (utf16 !== undefined) throw notUtf8(path, 'it looks like UTF-16', utf16);
  const text = Buffer.from(bytes).toString('utf8');
  if (isUtf8(bytes)) return text.startsWith('\ufeff') ? text.slice(1) : text;
  const { line, column } = lineAndColumn(text, firstReplaced(text, bytes));
  throw notUtf8(path, `line ${line}, column ${column} has a byte that is not valid`, 'WINDOWS-1252');
}

/** By a byte order mark, or by the zero byte that ASCII has in UTF-16: JSON text begins with ASCII. */
function utf16Encoding([first, second]: Uint8Array): string | undefined {
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return 'UTF-16';
  if (first === 0 || second === 0) return first === 0 ? 'UTF-16BE' : 'UTF-16LE';
  return undefined;
}

/** Index of the first character that stands for bytes that are not valid. U+FFFD itself may be in a file. */
function firstReplaced(text: string, bytes: Uint8Array): number {
  let index = text.indexOf('\ufffd');
  while (index >= 0) {
    const end = Buffer.byteLength(text.slice(0, index + 1));
    if (!isUtf8(bytes.subarray(0, end))) return index;
    index = text.indexOf('\ufffd', index + 1);
  }
  return 0;
}

function notUtf8(path: string, why: string, encoding: string): RunError {
  const command = `iconv -f ${encoding} -t UTF-8 ${shellQuote(path)} > utf8.json`;
  return new RunError('config_unreadable', `the config file ${quoteName(path)} is not UTF-8: ${why}`, {
    fix: `Save the file as UTF-8. If it is ${encoding}, this converts it: ${command}`,
  });
}
