/** The secrets in use. Whatever is written goes through `scrub`, so that a mistake elsewhere cannot show one. */
export type Secrets = {
  /** From now on this is a secret, too; an empty text is none. */
  readonly add: (secret: string) => void;
  /** The text with `***` for every spelling of every secret. */
  readonly scrub: (text: string) => string;
};

/** Keeps secrets, beginning with those that are known already. */
export function createSecrets(known: readonly string[] = []): Secrets {
  const spellings = new Set<string>();
  let longestFirst: readonly string[] = [];

  function add(secret: string): void {
    for (const spelling of spellingsOf(secret)) spellings.add(spelling);
    longestFirst = [...spellings].sort((a, b) => b.length - a.length);
  }

  function scrub(text: string): string {
    let shown = text;
    for (const spelling of longestFirst) shown = shown.replaceAll(spelling, '***');
    return shown;
  }

  for (const secret of known) add(secret);
  return { add, scrub };
}

function spellingsOf(secret: string): readonly string[] {
  if (secret === '') return [];
  const encoded = encodeURIComponent(secret.toWellFormed());
  const lower = encoded.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
  return [secret, encoded, lower];
}
