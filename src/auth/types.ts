/** An application registered with the authorization server, and where that server is. `clientSecret` is a secret. */
export type OAuthClient = {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Origin of the authorization server, such as `https://accounts.snapchat.com`. */
  readonly accountsUrl: string;
};

/** What the token endpoint gave. Both tokens are secrets. */
export type TokenSet = {
  readonly accessToken: string;
  /** Epoch ms; absent when the answer did not say. */
  readonly expiresAtMs?: number;
  /** The one to use from now on; absent when the server gave none and none was known before. */
  readonly refreshToken?: string;
  readonly scope?: string;
};

/** A stored credential: client and tokens. Before its first refresh it may have no access token. */
export type Credential = OAuthClient & Partial<TokenSet> & { readonly updatedAtMs: number };

/** What `change` of `CredentialStore.update` works with; both speak of one credential under the lock of the store. */
export type CredentialSlot = {
  /** As it is stored now; `undefined` when there is none of that name. */
  readonly read: () => Promise<Credential | undefined>;
  /** Resolves when it is durable; `undefined` removes the credential. */
  readonly write: (credential: Credential | undefined) => Promise<void>;
};

/** Where credentials are kept, by name (`oauth_credentials_id`). Everything rejects with RunError. */
export type CredentialStore = {
  readonly get: (id: string) => Promise<Credential | undefined>;
  readonly all: () => Promise<ReadonlyMap<string, Credential>>;
  /**
   * Runs `change` while no other process can: a refresh that replaces the refresh token must not happen twice.
   * Proves beforehand that the store can be written, so that a full disk costs no token. Aborting the signal ends the
   * waiting for another process with the interruption; a change that has begun is not cut off.
   */
  readonly update: <T>(
    id: string,
    change: (slot: CredentialSlot) => Promise<T>,
    signal?: AbortSignal,
  ) => Promise<T>;
};
