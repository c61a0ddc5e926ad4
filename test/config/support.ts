import { parseConfig } from '../../src/config.js';
import { RunError } from '../../src/errors.js';

const BASE = { type: 'snapchat_conversion', auth_method: 'api_token', event_source_id: 'pixel-1' };
/** The config of a token with changes, from file, environment and flags. */
export const parse = (
  extra: object,
  env: Record<string, string> = {},
  overrides: Record<string, unknown> = {},
) => parseConfig(JSON.stringify({ ...BASE, ...extra }), { name: 'result.json', env, overrides });

/** The RunError an action throws. */
export function failure(action: () => unknown): RunError {
  try {
    action();
  } catch (error) {
    if (error instanceof RunError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
