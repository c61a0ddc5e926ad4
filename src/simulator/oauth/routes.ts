/** A route of the OAuth endpoints. `authorize` shows the page, `decide` takes its form. */
export type OAuthRoute = {
  readonly name: 'authorize' | 'decide' | 'token' | 'revoke';
  /** The query without its question mark. */
  readonly query: string;
};

const ROUTES: ReadonlyMap<string, OAuthRoute['name']> = new Map([
  ['GET /login/oauth2/authorize', 'authorize'],
  ['POST /login/oauth2/authorize', 'decide'],
  ['POST /login/oauth2/access_token', 'token'],
  ['POST /_revoke', 'revoke'],
]);

/** Finds the route for a method and a request target (path and query); undefined when there is none. */
export function oauthRouteFor(method: string, target: string): OAuthRoute | undefined {
  const queryAt = target.indexOf('?');
  const path = queryAt === -1 ? target : target.slice(0, queryAt);
  const name = ROUTES.get(`${method} ${path}`);
  return name && { name, query: queryAt === -1 ? '' : target.slice(queryAt + 1) };
}
