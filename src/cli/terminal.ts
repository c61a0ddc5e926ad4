import { escapeHidden } from '../printable.js';
import type { Io } from './io.js';

/** Whether text for people may carry color: FORCE_COLOR, else a terminal without NO_COLOR. */
export function hasColor({ env, stderrIsTerminal }: Pick<Io, 'env' | 'stderrIsTerminal'>): boolean {
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false';
  return isLive({ env, stderrIsTerminal });
}

/** Whether a line of standard error may be redrawn in place. */
export function isLive({ env, stderrIsTerminal }: Pick<Io, 'env' | 'stderrIsTerminal'>): boolean {
  return stderrIsTerminal && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
}

const CODES = { red: 31, yellow: 33 } as const;

/** `text` in a color, or as it is. */
export function paint(text: string, color: keyof typeof CODES, colored: boolean): string {
  return colored ? `\u001b[${CODES[color]}m${text}\u001b[39m` : text;
}

/** Text with every control, invisible and direction character escaped, so that no input can steer the terminal. */
export function safeText(text: string): string {
  return escapeHidden(text);
}
