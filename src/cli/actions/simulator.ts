import { EXIT } from '../../errors.js';
import { parseFaults, startSimulator, type OnInvalid, type SimulatorOptions } from '../../simulator/index.js';
import type { Io, SignalName } from '../io.js';
import type { Output } from '../output.js';
import { parseAsOf } from '../run-options.js';
import { describeOAuth, oauthOptions, type SimulatorOAuthFlags } from './simulator-oauth.js';

export type SimulatorFlags = SimulatorOAuthFlags & {
  readonly port: number;
  readonly onInvalid: OnInvalid;
  readonly fault?: string;
  readonly seed?: number;
  readonly rate?: number;
  readonly retryAfter?: number;
  readonly latency?: number;
  readonly log?: string;
  readonly token?: string;
  readonly assetId?: string;
  readonly asOf?: string;
  readonly maxEvents?: number;
  readonly maxAgeDays?: number;
  readonly maxFutureMinutes?: number;
  readonly strictIdentifiers?: true;
};

/** `snapcapi simulator`: serves until it is interrupted. Its first line is its address. Gives the exit code. */
export async function runSimulator(flags: SimulatorFlags, io: Io, out: Output): Promise<number> {
  const simulator = await startSimulator(simulatorOptions(flags, io));
  const ended = waitForSignal(io);
  try {
    await out.write(`${simulator.url}\n`);
    io.stderr.write(
      `simulating the Conversions API; counters at ${simulator.url}/_stats; end with Ctrl-C\n` +
        `for the exporter: SNAPCAPI_API_BASE_URL=${simulator.url}\n` +
        describeOAuth(simulator),
    );
    await ended;
    return EXIT.ok;
  } finally {
    await simulator.close();
  }
}

function simulatorOptions(flags: SimulatorFlags, io: Io): SimulatorOptions {
  const given = {
    seed: flags.seed,
    rate: flags.rate,
    retryAfter: flags.retryAfter,
    latencyMs: flags.latency,
    logFile: flags.log,
    token: flags.token,
    oauth: oauthOptions(flags, parseFaults),
    assetId: flags.assetId,
    maxEvents: flags.maxEvents,
    maxAgeDays: flags.maxAgeDays,
    maxFutureMinutes: flags.maxFutureMinutes,
    strictIdentifiers: flags.strictIdentifiers,
    faults: flags.fault === undefined ? undefined : parseFaults(flags.fault),
  };
  const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  // Nobody reads the events of this process, so only their identity is kept: memory stays small.
  const clock = clockFrom(flags.asOf, io);
  return { port: flags.port, onInvalid: flags.onInvalid, clock, keepEvents: false, ...known };
}

/** A clock that runs, but starts at another time: old example rows stay valid. */
function clockFrom(asOf: string | undefined, { clock }: Io): () => number {
  if (asOf === undefined) return clock;
  const ahead = parseAsOf(asOf) - clock();
  return () => clock() + ahead;
}

/** A second interrupt ends the process even when closing hangs. */
function waitForSignal(io: Io): Promise<SignalName> {
  let interrupted = false;
  return new Promise((resolve) => {
    io.onSignal((name) => {
      if (interrupted) io.exitNow(name === 'SIGINT' ? EXIT.interrupted : EXIT.terminated);
      interrupted = true;
      resolve(name);
    });
  });
}
