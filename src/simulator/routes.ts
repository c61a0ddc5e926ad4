type PostName = 'events' | 'validate';
type GetName = 'logs' | 'validation-stats';
type OwnName = 'stats' | 'received' | 'health';

/** A route of the API, with what the address says. */
export type ApiRoute = {
  readonly name: PostName | GetName;
  readonly asset: string;
  /** The single `access_token` of the query, else empty. */
  readonly token: string;
};

/** A route that takes events. */
export type PostRoute = ApiRoute & { readonly name: PostName };

/** What a request asks for. */
export type Route = PostRoute | (ApiRoute & { readonly name: GetName }) | { readonly name: OwnName };

/** Whether a route takes events. */
export function isPostRoute(route: Route): route is PostRoute {
  return route.name === 'events' || route.name === 'validate';
}

const OWN_ROUTES: ReadonlyMap<string, OwnName> = new Map([
  ['/_stats', 'stats'],
  ['/_events', 'received'],
  ['/healthz', 'health'],
]);

const API_ROUTES: ReadonlyMap<string, PostName | GetName> = new Map([
  ['POST events', 'events'],
  ['POST events/validate', 'validate'],
  ['GET events/validate/logs', 'logs'],
  ['GET events/validate/stats', 'validation-stats'],
]);

/** Finds the route for a method and a request target (path and query); undefined when there is none. */
export function routeFor(method: string, target: string): Route | undefined {
  const queryAt = target.indexOf('?');
  const path = queryAt === -1 ? target : target.slice(0, queryAt);
  const own = OWN_ROUTES.get(path);
  if (own !== undefined) return method === 'GET' ? { name: own } : undefined;

  const [, asset, rest] = /^\/v3\/([^/]+)\/(.+)$/.exec(path) ?? [];
  const name = API_ROUTES.get(`${method} ${rest ?? ''}`);
  const decoded = asset === undefined ? undefined : decode(asset);
  if (name === undefined || decoded === undefined) return undefined;

  const tokens = new URLSearchParams(queryAt === -1 ? '' : target.slice(queryAt)).getAll('access_token');
  const token = tokens.length === 1 ? (tokens[0] ?? '') : '';
  return { name, asset: decoded, token };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
