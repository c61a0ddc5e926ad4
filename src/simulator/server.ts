import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { RunError } from '../errors.js';
import { openEventLog } from './event-log.js';
import type { World } from './exchange.js';
import { respond } from './exchange.js';
import type { Authority } from './oauth/authority.js';
import { createAuthority } from './oauth/authority.js';
import { createOAuthCounters } from './oauth/stats.js';
import type { Revocation } from './oauth/tokens.js';
import type { SimulatorOptions } from './options.js';
import { settingsFrom } from './options.js';
import { createRateLimit } from './rate.js';
import type { SimulatorStats } from './stats.js';
import { createStats } from './stats.js';
import type { ReceivedEvent } from './store.js';
import { createEventStore, createIdStore } from './store.js';
import { createValidations } from './validations.js';

const HOST = '127.0.0.1';
// Longer than any client keeps an idle connection, so that only faults close connections.
const KEEP_ALIVE_MS = 600_000;

/** What a client needs to know of the OAuth endpoints. */
export type OAuthClient = {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly authorizeUrl: string;
  readonly tokenUrl: string;
};

/** A running simulator. */
export type Simulator = {
  /** Base address without a slash at the end, such as http://127.0.0.1:49152. */
  readonly url: string;
  readonly port: number;
  readonly stats: () => SimulatorStats;
  /** Every stored event once, in order of arrival; empty with `keepEvents: false`. */
  readonly events: () => readonly ReceivedEvent[];
  /** Raw bodies of all requests to POST routes, in order of arrival; empty without `keepBodies`. */
  readonly bodies: () => readonly Buffer[];
  /** What a client needs to know of the OAuth endpoints; undefined without them. */
  readonly oauth: OAuthClient | undefined;
  /** Takes all tokens away, or with `access` the access tokens only, which a refresh repairs. Later logins are good again. */
  readonly revoke: (what?: Revocation) => void;
  /** Ends all connections and stops listening. */
  readonly close: () => Promise<void>;
};

/**
 * Starts a simulator of the Conversions API on 127.0.0.1.
 * Throws RunError `usage` for an option out of range or a port that is taken, `output_not_writable` for the log.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const settings = settingsFrom(options);
  const counters = createOAuthCounters();
  const world: World = {
    settings,
    store: settings.keepEvents ? createEventStore() : createIdStore(),
    validations: createValidations(),
    withinRate: settings.rate === undefined ? () => true : createRateLimit(settings.rate),
    stats: createStats(counters),
    oauth: settings.oauth && createAuthority(settings.oauth, counters, settings.clock),
    log: settings.logFile === undefined ? undefined : await openEventLog(settings.logFile),
    bodies: [],
  };
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    // What fails here are clients that go away in the middle; there is nobody left to answer.
    respond(request, response, world).catch(() => request.socket.destroy());
  });
  server.on('connection', world.stats.connectionOpened);
  try {
    await listen(server, settings.port);
  } catch (error) {
    await world.log?.close();
    throw error;
  }

  const { port } = server.address() as AddressInfo;
  const url = `http://${HOST}:${port}`;
  return {
    url,
    port,
    stats: world.stats.snapshot,
    events: world.store.events,
    bodies: () => world.bodies,
    oauth: world.oauth && clientOf(world.oauth, url),
    revoke: (what = 'all') => world.oauth?.tokens.revoke(what),
    async close() {
      await close(server);
      await world.log?.close();
    },
  };
}

function clientOf({ settings }: Authority, url: string): OAuthClient {
  return {
    clientId: settings.clientId,
    clientSecret: settings.clientSecret,
    authorizeUrl: `${url}/login/oauth2/authorize`,
    tokenUrl: `${url}/login/oauth2/access_token`,
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', () => {
      const message = `The simulator cannot listen on port ${port}.`;
      reject(new RunError('usage', message, { fix: 'Use another port, or 0 for a free one.' }));
    });
    server.listen(port, HOST, resolve);
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}
