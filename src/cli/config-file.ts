import { open } from 'node:fs/promises';

import { parseConfig, type Config } from '../config.js';
import { decodeConfig } from '../config/decode.js';
import { exposedToken, holdsToken } from '../config/exposed.js';
import { RunError } from '../errors.js';
import { quoteName } from '../printable.js';
import type { Io } from './io.js';
import type { ConfigFlags, DeliveryFlags, JournalFlags, ReportingFlags } from './options.js';
import { warn } from './warning.js';

type Flags = ConfigFlags & Partial<DeliveryFlags & JournalFlags> & ReportingFlags;

type ConfigText = {
  readonly name: string;
  readonly text: string;
  /** Permission bits of the file, where the system knows them. */
  readonly mode?: number;
};

/** Whether a command sends something and so needs a credential. */
export type CredentialsNeed = 'required' | 'optional';

/**
 * The config of a command: from --config or --result, under the environment, under the flags. Throws RunError
 * usage when both or neither are given, config_unreadable, or what `parseConfig` throws. Warns of a token that others can read.
 */
export async function loadConfig(flags: Flags, io: Io, credentials: CredentialsNeed): Promise<Config> {
  return parseText(await readConfigText(flags), { flags, io, credentials });
}

/** As `loadConfig`, for a command that sends nothing and shows names only: without a config the defaults count. */
export async function loadConfigOrDefaults(flags: Flags, io: Io): Promise<Config> {
  const hasConfig = flags.config !== undefined || flags.result !== undefined;
  const source = hasConfig ? await readConfigText(flags) : DEFAULTS;
  return parseText(source, { flags, io, credentials: 'optional' });
}

/** The ID is sent only; nothing that a command shows depends on it. */
const DEFAULTS: ConfigText = {
  name: 'the default config',
  text: '{"type": "snapchat_conversion", "event_source_id": "none"}',
};

type ParseContext = { readonly flags: Flags; readonly io: Io; readonly credentials: CredentialsNeed };

function parseText({ name, text, mode }: ConfigText, { flags, io, credentials }: ParseContext): Config {
  const config = parseConfig(text, { name, env: io.env, overrides: overridesOf(flags), credentials });
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
  } catch (problem) {
    if (problem instanceof RunError) throw problem;
    throw new RunError('config_unreadable', `the config file ${quoteName(flags.config)} cannot be read`);
  }
}

async function readConfigFile(name: string): Promise<ConfigText> {
  const file = await open(name);
  try {
    const text = decodeConfig(await file.readFile(), name);
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
function overridesOf(flags: Flags): Readonly<Record<string, unknown>> {
  return {
    send_test_events: flags.testEvents,
    batch_size: flags.batchSize,
    concurrency: flags.concurrency,
    max_requests_per_second: flags.rate,
    max_rejected: flags.maxRejected,
    min_rows: flags.minRows,
    min_sent: flags.minSent,
    variables: flags.var,
    job: flags.job,
    on_unfinished: flags.onUnfinished,
    keep_runs: flags.keepRuns,
  };
}
