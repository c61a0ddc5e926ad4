import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { slotOf } from '../journal/paths.js';
import type { Input } from '../read/index.js';
import type { ExportOptions } from '../summary.js';
import { realPathOf } from './inputs.js';

/**
 * The slot of the job that a command belongs to: the job's name, or else its config file and the names of its inputs; and where
 * its events go. A link that is replaced every night stays one job, so the last part of a path is not resolved.
 */
export async function jobSlot({ inputs, config, journaling }: ExportOptions): Promise<string> {
  const { job, eventSourceId, sendTestEvents, apiBaseUrl } = config;
  const configPath = journaling?.configPath;
  const place = {
    eventSourceId,
    endpoint: sendTestEvents ? ('validate' as const) : ('events' as const),
    apiHost: new URL(apiBaseUrl).host,
  };
  if (job !== undefined) return slotOf({ job, ...place });
  return slotOf({
    config: configPath === undefined ? 'inline' : await realPathOf(configPath),
    inputs: await Promise.all(inputs.map(nameOf)),
    ...place,
  });
}

async function nameOf({ path }: Input): Promise<string> {
  if (path === undefined) return 'stdin';
  const whole = resolve(path);
  const folder = dirname(whole);
  return join(await realpath(folder).catch(() => folder), basename(whole));
}
