import type { AccessTokens } from '../../access.js';
import type { Config } from '../../config.js';
import type { EventAnswer, Observer } from '../../events.js';
import { shellQuote } from '../../files/private.js';
import type { KeptFile } from '../../report/outputs.js';
import type { ReportContext } from '../../report/run-report.js';
import type { Journaling } from '../../summary.js';
import { accessFor } from '../access.js';
import { allowedHostsOf, type EndpointFlags } from '../allowed-hosts.js';
import { answerLine, keepAnswers } from '../answers.js';
import { loadConfig } from '../config-file.js';
import { credentialsFileOf, type CredentialsFlags } from '../credentials.js';
import type { Io } from '../io.js';
import type { DeliveryFlags, JournalFlags } from '../options.js';
import type { Output } from '../output.js';
import { retryInput } from '../retry-input.js';
import { stateDirFlag, stateDirOf } from '../state-dir.js';
import { finishRun } from './finish.js';
import { performRun, type RunFlags } from './run.js';

export type ExportFlags = RunFlags & DeliveryFlags & JournalFlags & EndpointFlags & CredentialsFlags;

/** `snapcapi export`: delivers, or with --dry-run does everything but sending. Gives the exit code. */
export async function runExport(
  files: readonly string[],
  given: ExportFlags,
  io: Io,
  out: Output,
): Promise<number> {
  const dryRun = given.dryRun === true;
  const { retry } = given;
  const again =
    retry === undefined ? undefined : await retryInput(files, { ...given, retry }, stateDirOf(given, io));
  const flags: ExportFlags = again === undefined ? given : { ...given, ...again.flags };
  const config = await loadConfig(flags, io, dryRun ? 'optional' : 'required');
  const answers = keepAnswers();
  const json = flags.json === true;
  const answerSink = async (given: readonly EventAnswer[]): Promise<void> => {
    const shown = flags.verbose === true ? given : given.filter(({ status }) => status === 'INVALID');
    if (json) shown.forEach(answers.add);
    else if (shown.length > 0) await out.write(shown.map(answerLine).join(''));
  };
  const finished = await performRun(
    {
      command: 'export',
      files,
      ...(again === undefined ? {} : { resolved: again.resolved }),
      flags,
      config,
      recall: recallOf(flags),
      kept: keptFiles(config, flags, io),
      examples: 0,
      ...(dryRun ? {} : { access: (signal, tell) => accessOf(config, { files, flags, io, signal, tell }) }),
      options: {
        mode: dryRun ? 'dry_run' : 'deliver',
        answerSink,
        allowedHosts: allowedHostsOf(flags, io),
        env: io.env,
        ...(flags.resume === false || dryRun ? {} : { journaling: journaling(flags, again?.runId, io) }),
        ...(flags.earlyStop === false ? { earlyStop: false } : {}),
        ...(flags.requestTimeout === undefined ? {} : { requestTimeoutMs: flags.requestTimeout * 1000 }),
        ...(flags.retryFor === undefined ? {} : { retryForMs: flags.retryFor * 1000 }),
      },
    },
    io,
  );
  return finishRun(finished, out, { json, extra: answers.record() });
}

/** What a command needs to find this run again. */
function recallOf(flags: ExportFlags): ReportContext['recall'] {
  const { config } = flags;
  return {
    config: config === undefined ? '--config FILE' : `--config ${shellQuote(config)}`,
    stateDir: stateDirFlag(flags),
  };
}

/** What holds the credential. */
function keptFiles({ auth }: Config, flags: ExportFlags, io: Io): readonly KeptFile[] {
  const { tokenFile = '-' } = flags;
  if (auth.method === 'oauth') return [{ path: credentialsFileOf(flags, io), name: 'the credentials file' }];
  return tokenFile === '-' ? [] : [{ path: tokenFile, name: 'the token file' }];
}

type Asked = {
  readonly files: readonly string[];
  readonly flags: ExportFlags;
  readonly io: Io;
  readonly signal: AbortSignal;
  readonly tell: Observer;
};

function accessOf(config: Config, { files, flags, io, signal, tell }: Asked): Promise<AccessTokens> {
  const { tokenFile, retryFor, retry } = flags;
  const readsStdin = retry === undefined && (files.length === 0 || files.includes('-'));
  return accessFor(config, {
    env: io.env,
    secrets: io.secrets,
    clock: io.clock,
    signal,
    credentialsFile: () => credentialsFileOf(flags, io),
    allowedHosts: allowedHostsOf(flags, io),
    onRefresh: () => {
      tell({ type: 'access_renewed' });
    },
    onDelay: ({ message }, retryInMs) => {
      tell({ type: 'access_delayed', reason: message, retryInMs });
    },
    onRotated: () => {
      tell({ type: 'credential_used_up' });
    },
    ...(tokenFile === undefined ? {} : { tokenFile }),
    ...(readsStdin ? {} : { stdin: io.stdin }),
    ...(retryFor === undefined ? {} : { retryForMs: retryFor * 1000 }),
  });
}

function journaling(flags: ExportFlags, retry: string | undefined, io: Io): Journaling {
  const { force = false, inDoubt, config } = flags;
  return {
    stateDir: stateDirOf(flags, io),
    force,
    ...(config === undefined ? {} : { configPath: config }),
    ...(inDoubt === undefined ? {} : { inDoubt }),
    ...(retry === undefined ? {} : { retry }),
  };
}
