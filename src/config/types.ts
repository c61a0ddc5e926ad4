import type { OutputMapping } from '../transform/types.js';
import type { EventSourceType } from '../types.js';

/** How the run proves who it is. The token may also come from the environment or a file. */
export type Auth =
  | { readonly method: 'api_token'; readonly token?: string }
  | { readonly method: 'oauth'; readonly credentialsId: string };

/** How many rows may be rejected before the run counts as failed: an absolute number, or a share of the rows read. */
export type RejectLimit = { readonly rows: number } | { readonly percent: number };

/** What happens when a custom column holds unhashed personal data. `allow`: column names, lower case. */
export type PersonalDataRule = 'stop' | 'warn' | { readonly allow: readonly string[] };

/** A checked config with every default filled in. Holds the token: never print it. */
export type Config = {
  readonly auth: Auth;
  readonly eventSourceType: EventSourceType;
  readonly eventSourceId: string;
  readonly sendTestEvents: boolean;
  readonly skipInvalidRecords: boolean;
  readonly apiBaseUrl: string;
  readonly batchSize: number;
  readonly maxBatchBytes: number;
  readonly concurrency: number;
  readonly maxRequestsPerSecond: number;
  readonly maxEventAgeDays: number;
  readonly maxFutureMinutes: number;
  readonly eventId: 'derive' | 'none';
  readonly eventTimeUnit: 'auto' | 'milliseconds' | 'seconds';
  readonly onInvalidField: 'reject_row' | 'drop_field';
  readonly assembleCustomArrays: boolean;
  readonly customDatetime: 'seconds' | 'milliseconds' | 'keep';
  /** Lower-case ISO 3166-1 alpha-2. */
  readonly defaultCountry?: string;
  readonly mapping: OutputMapping;
  readonly variables: Readonly<Record<string, string>>;
  /** Sent with every event as given. */
  readonly integration?: string;
  /** Sent with every event as given. */
  readonly testEventCode?: string;
  readonly personalData: PersonalDataRule;
  /** Lower case. */
  readonly customDatetimeColumns: readonly string[];
  /** IANA name of the zone of times that name none; absent: UTC. */
  readonly timeZone?: string;
  /** Lower-case ISO 3166-1 alpha-2. */
  readonly phoneCountry?: string;
  /** Key of an item of `contents` as the input names it (lower case) → key of the API. */
  readonly contentsKeys: Readonly<Record<string, string>>;
  readonly minRows: number;
  readonly minSent: number;
  readonly maxRejected?: RejectLimit;
  /** Name of the job; absent: the config file and the names of the inputs tell jobs apart. */
  readonly job?: string;
  /** What happens when the last run of the job is unfinished and its input is not the one given. */
  readonly onUnfinished: 'resume-first' | 'start-over' | 'refuse';
  /** How long complete runs are kept. */
  readonly keepRunsDays: number;
};
