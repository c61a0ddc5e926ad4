import { RunError } from '../errors.js';

/** What can go wrong on purpose. `status` answers with an HTTP status and no usable body. */
export type FaultKind =
  | 'status'
  | 'reset-before'
  | 'reset-after'
  | 'cut'
  | 'html'
  | 'empty'
  | 'garbage'
  | 'slow'
  | 'silence'
  | 'drip'
  | 'hangup';

export type Fault = {
  readonly kind: FaultKind;
  /** HTTP status of `status` and `html`. */
  readonly status: number;
  /** Wait of `slow` and `drip`, in milliseconds. */
  readonly waitMs: number;
  /** Text of the Retry-After header. */
  readonly retryAfter: string | undefined;
  /** Whether the request is carried out (checked, its good events stored) although the answer fails. */
  readonly stores: boolean;
};

/** When a rule applies. Requests are counted from 1. */
export type FaultTiming =
  | { readonly type: 'range'; readonly from: number; readonly to: number }
  | { readonly type: 'every'; readonly step: number }
  | { readonly type: 'random'; readonly probability: number };

export type FaultRule = { readonly fault: Fault; readonly timing: FaultTiming };

/** Rules in the order written; for each request the first that applies is carried out. */
export type FaultScript = readonly FaultRule[];

/** The fault language, for `--help`. */
export const FAULT_HELP = `A fault script is a comma-separated list of rules, ACTION[:OPTION…]@WHEN. For each request to a
/v3/…/events route (with --oauth-fault, to the token endpoint) the first rule that applies is carried out.

ACTION          what the client sees                                      events stored?
  400 … 599     that status, empty body                                   no
  301 … 308     a redirect                                                no
  html          200 with an HTML page (html:502 for another status)       no
  reset-before  connection reset, no answer                               no
  silence       no answer at all, connection left open                    no
  reset-after   connection reset, no answer                               yes
  cut           the first half of the true answer, then the end           yes
  empty         200 with an empty body                                    yes
  garbage       200 with bytes that are not JSON                          yes
  slow:MS       the true answer, MS milliseconds late                     yes
  drip:MS       the true answer, one byte every MS milliseconds           yes
  hangup        the true answer, then the connection is closed            yes

OPTION
  retry=SECONDS   send a Retry-After header
  store, drop     store the events, or not, whatever the table says

WHEN (requests are counted from 1)
  7          the 7th request            every:7      each 7th request
  3..5       the 3rd to the 5th         random:0.05  one in twenty, the same ones for the same seed
  3..        all from the 3rd           all          all

Examples: 503@every:7   429:retry=2@3,reset-after@5..6   503:store@random:0.05`;

type Shape = {
  readonly stores: boolean;
  readonly number: 'status' | 'wait' | 'none';
  /** The answer says what became of the events, so it cannot be given without carrying the request out. */
  readonly truthful?: true;
};

const SHAPES: ReadonlyMap<string, Shape> = new Map<FaultKind, Shape>([
  ['reset-before', { stores: false, number: 'none' }],
  ['reset-after', { stores: true, number: 'none' }],
  ['cut', { stores: true, number: 'none' }],
  ['html', { stores: false, number: 'status' }],
  ['empty', { stores: true, number: 'none' }],
  ['garbage', { stores: true, number: 'none' }],
  ['slow', { stores: true, number: 'wait', truthful: true }],
  ['silence', { stores: false, number: 'none' }],
  ['drip', { stores: true, number: 'wait', truthful: true }],
  ['hangup', { stores: true, number: 'none', truthful: true }],
]);

/**
 * Reads a fault script (see FAULT_HELP). An empty text is the script without rules.
 * Throws RunError `usage` that names the rule and what is wrong with it.
 */
export function parseFaults(text: string): FaultScript {
  if (text.trim() === '') return [];
  return text.split(',').map((rule) => parseRule(rule.trim()));
}

function parseRule(text: string): FaultRule {
  const at = text.lastIndexOf('@');
  if (at === -1) throw bad(text, 'it has no @WHEN, such as @7, @3..5, @every:7, @random:0.05 or @all');
  const [action = '', ...options] = text.slice(0, at).split(':');
  return { fault: parseFault(text, action, options), timing: parseTiming(text, text.slice(at + 1)) };
}

function parseFault(rule: string, action: string, options: readonly string[]): Fault {
  const isStatus = /^[345]\d\d$/.test(action);
  const shape: Shape | undefined = isStatus ? { stores: false, number: 'none' } : SHAPES.get(action);
  if (shape === undefined) {
    throw bad(rule, `the action is not one of 300 to 599, ${[...SHAPES.keys()].join(', ')}`);
  }
  let fault: Fault = {
    kind: isStatus ? 'status' : (action as FaultKind),
    status: isStatus ? Number(action) : 200,
    waitMs: -1,
    retryAfter: undefined,
    stores: shape.stores,
  };
  for (const option of options) fault = { ...fault, ...parseOption(rule, shape, option) };
  if (shape.number === 'wait' && fault.waitMs < 0) throw bad(rule, 'it needs a wait, such as slow:2000');
  return fault;
}

function parseOption(rule: string, shape: Shape, option: string): Partial<Fault> {
  if (option === 'store') return { stores: true };
  if (option === 'drop') {
    if (shape.truthful) throw bad(rule, 'a true answer cannot be given without storing');
    return { stores: false };
  }
  if (/^retry=\d{1,6}$/.test(option)) return { retryAfter: option.slice('retry='.length) };
  if (shape.number === 'wait' && /^\d{1,9}$/.test(option)) return { waitMs: Number(option) };
  if (shape.number === 'status' && /^[2345]\d\d$/.test(option)) return { status: Number(option) };
  throw bad(
    rule,
    'an option is not understood; known are retry=SECONDS, store, drop and the number of some actions',
  );
}

function parseTiming(rule: string, text: string): FaultTiming {
  if (text === 'all') return { type: 'range', from: 1, to: Infinity };
  const every = /^every:([1-9]\d{0,8})$/.exec(text)?.[1];
  if (every !== undefined) return { type: 'every', step: Number(every) };
  const random = /^random:([01](?:\.\d{1,9})?|\.\d{1,9})$/.exec(text)?.[1];
  if (random !== undefined && Number(random) <= 1) return { type: 'random', probability: Number(random) };
  const range = /^([1-9]\d{0,8})(?:(\.\.)([1-9]\d{0,8})?)?$/.exec(text);
  if (range === null) {
    throw bad(rule, 'the part after @ is not N, N..M, N.., every:N, random:P (0 to 1) or all');
  }
  const from = Number(range[1]);
  const to = range[2] === undefined ? from : Number(range[3] ?? Infinity);
  if (to < from) throw bad(rule, 'the range ends before it starts');
  return { type: 'range', from, to };
}

function bad(rule: string, why: string): RunError {
  return new RunError('usage', `The fault rule "${rule}" is not understood: ${why}.`, {
    fix: 'See `snapcapi simulator --help` for the language of fault scripts.',
  });
}

/** The fault for the request with this number (from 1), if any. The same script, seed and number give the same answer. */
export function faultFor(script: FaultScript, request: number, seed: number): Fault | undefined {
  return script.find((rule, index) => applies(rule.timing, request, seed + index))?.fault;
}

function applies(timing: FaultTiming, request: number, seed: number): boolean {
  switch (timing.type) {
    case 'range':
      return request >= timing.from && request <= timing.to;
    case 'every':
      return request % timing.step === 0;
    case 'random':
      return uniform(request, seed) < timing.probability;
  }
}

/** A number in [0, 1) that looks random and depends on its arguments only (the mulberry32 step). */
function uniform(request: number, seed: number): number {
  let state = (Math.imul(seed, 0x9e3779b1) + Math.imul(request, 0x6d2b79f5)) | 0;
  state = Math.imul(state ^ (state >>> 15), state | 1);
  state ^= state + Math.imul(state ^ (state >>> 7), state | 61);
  return ((state ^ (state >>> 14)) >>> 0) / 2 ** 32;
}
