import { octal, shellQuote } from '../files/private.js';
import { isObject } from './layers.js';

export type OpenFile = {
  readonly path: string;
  /** Permission bits. */
  readonly mode: number;
};

/** A remark about the config: what is wrong, and what to do. */
export type ConfigWarning = { readonly code: string; readonly message: string; readonly fix: string };

/** Whether an API token is written in the text of a config, and not as `${NAME}`. What is no JSON holds none. */
export function holdsToken(text: string): boolean {
  try {
    const config = JSON.parse(text.replace(/^\ufeff/, '')) as unknown;
    const token = isObject(config) ? config['api_token'] : undefined;
    // Only a reference without a literal rest keeps the text free of secrets.
    return typeof token === 'string' && !/^(\s*\$\{[^{}]*\}\s*)+$/.test(token);
  } catch {
    return false;
  }
}

/**
 * The warning for a config file in which an API token is written, not as `${NAME}`, and which others can read; `undefined`
 * when all is well.
 */
export function exposedToken(text: string, { path, mode }: OpenFile): ConfigWarning | undefined {
  if ((mode & 0o044) === 0 || !holdsToken(text)) return undefined;
  return {
    code: 'config_exposed',
    message: `the config file ${path} holds an API token and can be read by other users (mode ${octal({ mode })})`,
    fix: `Close it: chmod 600 ${shellQuote(path)}. Better, write "\${NAME}" for the token and set that variable.`,
  };
}
