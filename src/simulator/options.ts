import { RunError } from '../errors.js';
import type { FaultScript } from './faults.js';
import type { JsonObject } from './json.js';
import type { OAuthOptions } from './oauth/options.js';
import type { RequestSeen } from './stats.js';

/**
 * What happens to a batch in which some events are invalid; the vendor does not document it.
 * - `whole`: 400, nothing is stored, the answer names the first invalid event.
 * - `whole-silent`: 400, nothing is stored, the answer does not say which event.
 * - `partial`: 400, the good events are stored, the answer lists the invalid ones.
 * - `partial-200`: 200 with status INVALID, the good events are stored, the answer has no positions.
 */
export type OnInvalid = 'whole' | 'whole-silent' | 'partial' | 'partial-200';

/** All values of `onInvalid`, the default first. */
export const ON_INVALID: readonly OnInvalid[] = ['whole', 'whole-silent', 'partial', 'partial-200'];

/** Everything is optional. The server listens on 127.0.0.1 and nowhere else. */
export type SimulatorOptions = {
  /** Port to listen on; 0, the default, takes a free one. */
  readonly port?: number;
  /** The token to accept, or a function that decides. Default: any that is not empty. */
  readonly token?: string | ((token: string) => boolean);
  /** The only asset ID the credential is good for. Default: every asset. */
  readonly assetId?: string;
  /** Serve the OAuth endpoints; `{}` takes all defaults. Default: there are none. */
  readonly oauth?: OAuthOptions;
  /**
   * What the event routes take. `oauth`, the default with the OAuth endpoints, takes the access tokens they issued; a
   * wrong asset is worded as for OAuth. `api_token`, the default else, takes `token`.
   */
  readonly credentialKind?: 'api_token' | 'oauth';
  /** HTTP status of the API token's wording for a wrong asset; it is not documented. Default 400. */
  readonly wrongAssetStatus?: number;
  /** Default `whole`. */
  readonly onInvalid?: OnInvalid;
  /** From `parseFaults`. Default: no faults. */
  readonly faults?: FaultScript;
  /** Seed of the `random` rules of the fault script. Default 1. */
  readonly seed?: number;
  /** Requests per second; the ones above get 429. Default: no limit. */
  readonly rate?: number;
  /** Seconds in the Retry-After header of a 429 for rate. Default: no header. */
  readonly retryAfter?: number;
  /** Wait before every answer, in milliseconds. Default 0. */
  readonly latencyMs?: number;
  /** Events a request may have. Default 2000. */
  readonly maxEvents?: number;
  /** Size a request body may have; larger ones get 413. Default 16 MiB. */
  readonly maxBodyBytes?: number;
  /** Age an event may have; one hour is added, because the run started earlier. Default 7; Infinity for any. */
  readonly maxAgeDays?: number;
  /** How far in the future an event may lie. Default 60. */
  readonly maxFutureMinutes?: number;
  /** Count IP address and user agent only together, and never a click ID alone. Default false. */
  readonly strictIdentifiers?: boolean;
  /** Demand `app_data.app_id` of app events; the vendor's sample lacks it. Default true. */
  readonly requireAppId?: boolean;
  /** File to which a JSON line is appended for every event stored, and again for every repeat, before the answer goes out. */
  readonly logFile?: string;
  /** Keep the stored events for `events()` and `/_events`. False keeps only a fingerprint of each ID. Default true. */
  readonly keepEvents?: boolean;
  /** Keep the raw bodies of all requests for `bodies()`. Default false. */
  readonly keepBodies?: boolean;
  /**
   * Refuses valid events: returns the reason, or undefined. An event whose `custom_data.simulator_refuse` holds a
   * text is refused with that text in any case.
   */
  readonly poison?: (event: JsonObject) => string | undefined;
  /** Called once per request to a /v3/ POST route, when its answer is decided. */
  readonly observe?: (seen: RequestSeen) => void;
  /** Epoch milliseconds. Default Date.now. */
  readonly clock?: () => number;
  /** Waits for some milliseconds. Default: a timer that does not keep the process alive. */
  readonly sleep?: (ms: number) => Promise<void>;
};

type Defaulted = Required<
  Omit<
    SimulatorOptions,
    'token' | 'oauth' | 'assetId' | 'rate' | 'retryAfter' | 'logFile' | 'poison' | 'observe'
  >
>;

/** Options with defaults filled in. */
export type Settings = Defaulted & SimulatorOptions;

/** Fills the defaults in. Throws RunError `usage` for a number that is out of range. */
export function settingsFrom(options: SimulatorOptions): Settings {
  const settings: Settings = {
    port: 0,
    credentialKind: options.oauth === undefined ? 'api_token' : 'oauth',
    wrongAssetStatus: 400,
    onInvalid: 'whole',
    faults: [],
    seed: 1,
    latencyMs: 0,
    maxEvents: 2000,
    maxBodyBytes: 16 * 1024 * 1024,
    maxAgeDays: 7,
    maxFutureMinutes: 60,
    strictIdentifiers: false,
    requireAppId: true,
    keepEvents: true,
    keepBodies: false,
    clock: Date.now,
    sleep: sleepUnreferenced,
    ...options,
  };
  if (!ON_INVALID.includes(settings.onInvalid)) {
    throw new RunError('usage', `onInvalid must be one of ${ON_INVALID.join(', ')}.`);
  }
  if (settings.token !== undefined && settings.oauth !== undefined && settings.credentialKind === 'oauth') {
    throw new RunError('usage', 'The simulator option token says nothing where access tokens are demanded.', {
      fix: 'Leave out the token, or the OAuth endpoints.',
    });
  }
  demand('port', Number.isInteger(settings.port) && settings.port >= 0 && settings.port <= 65_535);
  demand('rate', settings.rate === undefined || (settings.rate > 0 && settings.rate <= 1e6));
  demand('retryAfter', settings.retryAfter === undefined || settings.retryAfter >= 0);
  demand('wrongAssetStatus', settings.wrongAssetStatus >= 400 && settings.wrongAssetStatus <= 599);
  for (const name of ['latencyMs', 'maxAgeDays', 'maxFutureMinutes'] as const)
    demand(name, settings[name] >= 0);
  for (const name of ['maxEvents', 'maxBodyBytes'] as const) demand(name, settings[name] >= 1);
  return settings;
}

function demand(name: keyof SimulatorOptions, inRange: boolean): void {
  if (!inRange) throw new RunError('usage', `The simulator option ${name} is out of range.`);
}

function sleepUnreferenced(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
