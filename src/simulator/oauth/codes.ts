/** What a code stands for. The client needs no mention: only one is known. */
export type CodeGrant = { readonly redirectUri: string; readonly scope: string };

/** Authorization codes that were handed out and not taken yet. */
export type Codes = {
  readonly issue: (grant: CodeGrant, nowMs: number) => string;
  /** Takes a code away and gives what it stands for; undefined when it is unknown, taken or too old. */
  readonly take: (code: string, nowMs: number) => CodeGrant | undefined;
};

const LIFE_MS = 600_000;

/** Makes an empty set of codes that live ten minutes; `makeText` gives the text of the next one. */
export function createCodes(makeText: () => string): Codes {
  const open = new Map<string, CodeGrant & { readonly endMs: number }>();
  return {
    issue(grant, nowMs) {
      for (const [code, { endMs }] of open) if (endMs <= nowMs) open.delete(code);
      const code = makeText();
      open.set(code, { ...grant, endMs: nowMs + LIFE_MS });
      return code;
    },
    take(code, nowMs) {
      const found = open.get(code);
      open.delete(code);
      return found !== undefined && nowMs < found.endMs ? found : undefined;
    },
  };
}
