/** Where a delivery gets its access token from. Tokens are secrets: they go into requests and nowhere else. */
export type AccessTokens = {
  /**
   * The token to send with. One that is about to expire is replaced first; calls at the same time share that.
   * Throws RunError when there is none to be had.
   */
  readonly current: () => Promise<string>;
  /**
   * Another token than `refused`, which the API did not accept; `undefined` when there is no other. Calls at the same time
   * share one replacement. Throws RunError when the credential is good for nothing any more.
   */
  readonly renew: (refused: string) => Promise<string | undefined>;
};

/** A token that never changes, such as an API token. */
export function fixedToken(token: string): AccessTokens {
  return { current: () => Promise.resolve(token), renew: () => Promise.resolve(undefined) };
}
