import { createRequire } from 'node:module';
import type * as Undici from 'undici';

// The package's own entry point loads all it has (fetch, WebSocket, caches, mocks), in three times the time.
// Its files are no public interface: the exact version in package.json is what makes this safe.
const require = createRequire(import.meta.url);

export type { Dispatcher } from 'undici';

/** undici's pool of connections to one origin. */
export const Pool = require('undici/lib/dispatcher/pool.js') as typeof Undici.Pool;

/** Makes what undici opens a connection with. */
export const buildConnector = require('undici/lib/core/connect.js') as typeof Undici.buildConnector;
