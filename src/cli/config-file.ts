import { open } from 'node:fs/promises';

import { parseConfig, type Config } from '../config.js';
import { exposedToken, holdsToken } from '../config/exposed.js';
import { RunError } from '../errors.js';
import { quoteName } from '../printable.js';
import type { Io } from './io.js';
import type { ConfigFlags, DeliveryFlags, ReportingFlags } from './options.js';
import { warn } from './warning.js';

type Flags = ConfigFlags & Partial<DeliveryFlags> & ReportingFlags;

type ConfigText = {
  readonly name: string;
  readonly text: string;
  /** Permission bits of the file, where the system knows them. */
  readonly mode?: number;
};

/**
 * The config of a command: from --config or --result, under the environment, under the flags. Throws RunError
 * usage when both or neither are given, config_unreadable, or what `parseConfig` throws. Warns of a token that others can read.
 */
export async function loadConfig(flags: Flags, io: Io): Promise<Config> {
  const { name, text, mode } = await readConfigText(flags);
  const config = parseConfig(text, { name, env: io.env, overrides: overridesOf(flags) });
  if (config.auth.method === 'api_token') io.secrets.add(config.auth.token ?? '');
  const warning = mode === undefined ? undefined : exposedToken(text, { path: name, mode });
  if (warning !== undefined) warn(warning, flags, io);
  return config;
}

async function readConfigText(flags: ConfigFlags): Promise<ConfigText> {
  if (flags.config !== undefined && flags.result !== undefined) {
    throw new RunError('usage', '--config and --result are both given', { fix: 'Give one of them.' });
  }
  if (flags.result !== undefined) {
    if (holdsToken(flags.result)) throw tokenInArguments();
    return { name: '--result', text: flags.result };
  }
  if (flags.config === undefined) {
    throw new RunError('usage', 'no config is given', {
      fix: 'Give --config FILE, or --result \'{"type":"snapchat_conversion",…}\'.',
    });
  }
  try {
    return await readConfigFile(flags.config);
  } catch {
    throw new RunError('config_unreadable', `the config file ${quoteName(flags.config)} cannot be read`);
  }
}

async function readConfigFile(name: string): Promise<ConfigText> {
  const file = await open(name);
  try {
    const text = await file.readFile('utf8');
    // Windows makes permissions up.
    if (process.platform === 'win32') return { name, text };
    return { name, text, mode: (await file.stat()).mode & 0o777 };
  } finally {
    await file.close();
  }
}

function tokenInArguments(): RunError {
  return new RunError(
    'usage',
    'the api_token stands in --result, where everybody on this machine can read it',
    {
      fix: 'Write "api_token": "${SNAPCAPI_API_TOKEN}", or leave it out: the environment and --token-file give it as well.',
    },
  );
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
