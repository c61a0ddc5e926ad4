/** The part of `fetch` that is used here, so that any implementation fits. */
export type Fetch = (url: string, request: FetchRequest) => Promise<FetchAnswer>;

type FetchRequest = {
  readonly method: 'POST';
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly redirect: 'manual';
  readonly signal: AbortSignal;
};

export type FetchAnswer = {
  readonly status: number;
  readonly headers: { readonly get: (name: string) => string | null };
  readonly body: AsyncIterable<Uint8Array> | null;
};
