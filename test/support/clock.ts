/**
 * Environment of a process whose wall clock shows `startMs` (epoch ms) at its start and then goes on; with its
 * `from`-th reading it jumps by `jumpMs`.
 */
export function wallClock(
  startMs: number,
  { from = Number.MAX_SAFE_INTEGER, jumpMs = 0 }: { readonly from?: number; readonly jumpMs?: number } = {},
): Readonly<Record<string, string>> {
  const code = `const now = Date.now, start = now();
let readings = 0;
Date.now = () => {
  readings += 1;
  return ${startMs} + now() - start + (readings < ${from} ? 0 : ${jumpMs});
};`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` };
}
