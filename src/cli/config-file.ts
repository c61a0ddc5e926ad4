import { readFile } from 'node:fs/promises';

import { parseConfig, type Config } from '../config.js';
import { RunError } from '../errors.js';
import { quoteName } from '../issues.js';
import type { Io } from './io.js';
import type { ConfigFlags, DeliveryFlags } from './options.js';

/**
 * The config of a command: from --config or --result, under the environment, under the flags. Throws RunError
 * usage when both or neither are given, config_unreadable, or what `parseConfig` throws.
 */
export async function loadConfig(flags: ConfigFlags & Partial<DeliveryFlags>, io: Io): Promise<Config> {
  const { name, text } = await readConfigText(flags);
  const config = parseConfig(text, { name, env: io.env, overrides: overridesOf(flags) });
  if (config.auth.method === 'api_token') io.secrets.add(config.auth.token ?? '');
  return config;
}

async function readConfigText(flags: ConfigFlags): Promise<{ readonly name: string; readonly text: string }> {
  if (flags.config !== undefined && flags.result !== undefined) {
    throw new RunError('usage', '--config and --result are both given', { fix: 'Give one of them.' });
  }
  if (flags.result !== undefined) return { name: '--result', text: flags.result };
  if (flags.config === undefined) {
    throw new RunError('usage', 'no config is given', {
      fix: 'Give --config FILE, or --result \'{"type":"snapchat_conversion",…}\'.',
    });
  }
  try {
    return { name: flags.config, text: await readFile(flags.config, 'utf8') };
  } catch {
    throw new RunError('config_unreadable', `the config file ${quoteName(flags.config)} cannot be read`);
  }
}

/** Flags under the keys of the config; what was not given is undefined. */
function overridesOf(flags: ConfigFlags & Partial<DeliveryFlags>): Readonly<Record<string, unknown>> {
  return {
    send_test_events: flags.testEvents,
    batch_size: flags.batchSize,
    concurrency: flags.concurrency,
    max_requests_per_second: flags.rate,
    max_rejected: flags.maxRejected,
    variables: flags.var,
  };
}
