/** The secrets in use. Whatever is written goes through `scrub`, so that a mistake elsewhere cannot show one. */
export type Secrets = {
  /** From now on this is a secret, too; an empty text is none. */
  readonly add: (secret: string) => void;
  /** The text with `***` for every spelling of every secret. */
  readonly scrub: (text: string) => string;
};

/** What a secret is recognized by. */
type Trace = {
  /** Texts that stand for it as they are: raw, base64, hexadecimal. */
  readonly literals: readonly string[];
  /** What a text without its escapes holds when it held the secret. */
  readonly plain: readonly string[];
  /** All of it, found slowly; only for texts that hold something. */
  readonly pattern: () => RegExp;
};

/** A shorter secret is likely to be a word such as `secret`: within other words it stays, or nothing could be read. */
const FEWEST_CHARS = 8;
/** A still shorter one can be guessed, and hiding it would tell that it was right. */
const FEWEST_CHARS_OF_WORD = 4;

/**
 * Keeps secrets, beginning with those that are known already. A secret is found raw, with any of its characters escaped as
 * in URLs, forms, JSON or HTML, in base64 and base64url (also within a longer text, as in basic authentication) and in
 * hexadecimal. One of 4 to 7 characters is found only raw and as a whole word; a shorter one not at all.
 */
export function createSecrets(known: readonly string[] = []): Secrets {
  const traces = new Map<string, Trace>();
  // A secret within a longer one must not leave the rest of that to be read.
  let longestFirst: readonly Trace[] = [];

  function add(secret: string): void {
    const whole = secret.toWellFormed().trim();
    if (whole.length < FEWEST_CHARS_OF_WORD || traces.has(whole)) return;
    traces.set(whole, whole.length < FEWEST_CHARS ? traceOfWord(whole) : traceOf(whole));
    longestFirst = [...traces].sort(([one], [other]) => other.length - one.length).map(([, trace]) => trace);
  }

  function scrub(text: string): string {
    let shown = text;
    let bare: string | undefined;
    for (const { literals, plain, pattern } of longestFirst) {
      const found =
        literals.some((one) => text.includes(one)) ||
        ((bare ??= withoutEscapes(text)) !== text && plain.some((one) => bare?.includes(one)));
      if (found) shown = shown.replace(pattern(), '***');
    }
    return shown;
  }

  for (const secret of known) add(secret);
  return { add, scrub };
}

/**
 * JSON text (one value, or one a line) with its strings scrubbed one by one: in the text as a whole, an escape or a number
 * could be cut in two. Text that is no JSON is scrubbed as it is.
 */
export function scrubJson(text: string, { scrub }: Pick<Secrets, 'scrub'>): string {
  if (scrub(text) === text) return text;
  const indent = /^[[{]\n( *)/.exec(text)?.[1] ?? '';
  if (indent !== '') return scrubValue(text, indent, scrub);
  return text.replace(/[^\n]+/g, (line) => scrubValue(line, '', scrub));
}

function scrubValue(text: string, indent: string, scrub: Secrets['scrub']): string {
  try {
    const end = text.endsWith('\n') ? '\n' : '';
    const value = JSON.parse(text) as unknown;
    return `${JSON.stringify(value, (_, one: unknown) => (typeof one === 'string' ? scrub(one) : one), indent)}${end}`;
  } catch {
    return scrub(text);
  }
}

function traceOfWord(word: string): Trace {
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])${literal(word)}(?![\\p{L}\\p{N}])`, 'gu');
  return { literals: [word], plain: [], pattern: () => pattern };
}

function traceOf(secret: string): Trace {
  const encoded = [
    ...new Set([secret, encodeURIComponent(secret), formEncoded(secret), jsonEncoded(secret)]),
  ];
  const middles = [...new Set(encoded.flatMap(base64Middles))];
  const hex = Buffer.from(secret).toString('hex');
  const latin1 = Buffer.from(secret).toString('latin1');
  let compiled: RegExp | undefined;
  return {
    literals: [secret, hex, hex.toUpperCase(), ...middles],
    // A secret may itself look escaped, and may stand beside bytes that are one character each.
    plain: [...new Set([secret, withoutEscapes(secret), latin1, latin1.replaceAll(' ', '+')])],
    pattern: () =>
      (compiled ??= new RegExp(
        [
          Array.from(secret, anySpelling).join(''),
          anyCase(hex),
          // The characters beside the middle hold bits of the secret and of its neighbors.
          ...middles.map((middle) => `[\\w+/-]?${literal(middle)}[\\w+/-]?=*`),
        ].join('|'),
        'gu',
      )),
  };
}

/** The part of the base64 of any text with this piece that depends on the piece alone, at each of the three offsets. */
function base64Middles(piece: string): readonly string[] {
  const bytes = Buffer.from(piece);
  return [0, 1, 2].flatMap((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const last = (offset + bytes.length) % 3 === 0 ? text.length : text.length - 1;
    const middle = text.slice(Math.ceil((offset * 4) / 3), last);
    return [middle, middle.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

const NAMED: Readonly<Record<string, string>> = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": 'apos',
};

/** Before an escaped character. Without a limit a text of backslashes takes time with the square of its length. */
const MOST_BACKSLASHES = 16;

/** A pattern for one character: as it is, or escaped in any of the usual ways, once or more often. */
function anySpelling(char: string): string {
  const percent = [...Buffer.from(char)].map((byte) => `%(?:25)*${anyCase(hexOf(byte, 2))}`).join('');
  const units = char
    .split('')
    .map((unit) => `\\\\{1,${MOST_BACKSLASHES}}u${anyCase(hexOf(unit.charCodeAt(0), 4))}`);
  const code = char.codePointAt(0) ?? 0;
  const named = NAMED[char] === undefined ? '' : `|${NAMED[char]}`;
  const entity = `&(?:amp;)*(?:#0*${code}|#[xX]0*${anyCase(hexOf(code, 1))}${named});`;
  const raw = /["\\/']/.test(char)
    ? `\\\\{0,${MOST_BACKSLASHES}}${literal(char)}`
    : char === ' '
      ? '[ +]'
      : literal(char);
  return `(?:${entity}|${percent}|${units.join('')}|${raw})`;
}

const ESCAPES =
  /%(?:25)*([\da-f]{2})|\\+u([\da-f]{4})|\\+(["\\/'])|&(?:amp;)*(?:#0*(\d{1,7})|#x0*([\da-f]{1,6})|(amp|lt|gt|quot|apos));/gi;

/** The text with every escape resolved, whatever it was for; bytes of percent escapes become one character each. */
function withoutEscapes(text: string): string {
  if (!/[%\\&]/.test(text)) return text;
  return text.replace(ESCAPES, (escape, byte, unit, raw, decimal, hex, name) => {
    const code = parseInt((byte ?? unit ?? hex ?? '') as string, 16) || Number(decimal);
    if (code > 0x10ffff) return escape;
    if (raw !== undefined) return raw as string;
    if (name === undefined) return String.fromCodePoint(code || 0);
    return Object.keys(NAMED).find((char) => NAMED[char] === (name as string).toLowerCase()) ?? escape;
  });
}

function formEncoded(text: string): string {
  return new URLSearchParams([['', text]]).toString().slice(1);
}

function jsonEncoded(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function hexOf(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

function anyCase(hex: string): string {
  return hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, (char) => `\\${char}`);
}
