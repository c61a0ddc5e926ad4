/** What happened at the OAuth endpoints since the start. Holds numbers only, never a code or a token. */
export type OAuthStats = {
  /** Consents given and refused at the authorize page. */
  readonly authorizations: number;
  readonly denials: number;
  /** Requests to the token endpoint, faults included. */
  readonly tokenRequests: number;
  readonly codeExchanges: number;
  readonly refreshes: number;
  /** Refresh requests that were answered with an error; faults are not among them. */
  readonly refusedRefreshes: number;
  /** Refresh requests with a token that was rotated out before; they are among the refused. */
  readonly reusedRefreshTokens: number;
  /** Answers to requests with an access token that was issued but is expired, used up or revoked. */
  readonly expiredTokenAnswers: number;
  /** Most refresh requests that were under way at the same time. */
  readonly maxConcurrentRefreshes: number;
  /** Faults of the token endpoint carried out, by kind. */
  readonly tokenFaults: Readonly<Record<string, number>>;
};

type Counters = { -readonly [K in keyof Omit<OAuthStats, 'tokenFaults'>]: number };

/** Counts by name, and what is under way. */
export type OAuthCounters = {
  readonly count: (name: keyof Omit<Counters, 'tokenRequests' | 'maxConcurrentRefreshes'>) => void;
  /** A request to the token endpoint has arrived; returns its number, from 1. */
  readonly tokenRequestArrived: () => number;
  readonly countFault: (kind: string) => void;
  readonly refreshArrived: () => void;
  readonly refreshLeft: () => void;
  readonly snapshot: () => OAuthStats;
};

/** Starts with all counters at zero. */
export function createOAuthCounters(): OAuthCounters {
  const counters: Counters = {
    authorizations: 0,
    denials: 0,
    tokenRequests: 0,
    codeExchanges: 0,
    refreshes: 0,
    refusedRefreshes: 0,
    reusedRefreshTokens: 0,
    expiredTokenAnswers: 0,
    maxConcurrentRefreshes: 0,
  };
  const tokenFaults: Record<string, number> = {};
  let underWay = 0;
  return {
    count(name) {
      counters[name]++;
    },
    tokenRequestArrived: () => ++counters.tokenRequests,
    countFault(kind) {
      tokenFaults[kind] = (tokenFaults[kind] ?? 0) + 1;
    },
    refreshArrived() {
      underWay++;
      counters.maxConcurrentRefreshes = Math.max(counters.maxConcurrentRefreshes, underWay);
    },
    refreshLeft() {
      underWay--;
    },
    snapshot: () => ({ ...counters, tokenFaults: { ...tokenFaults } }),
  };
}
