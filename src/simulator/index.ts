export { parseFaults } from './faults.js';
export type { OnInvalid, SimulatorOptions } from './options.js';
export { ON_INVALID } from './options.js';
export type { Simulator } from './server.js';
export { startSimulator } from './server.js';
export type { RequestSeen, SimulatorStats } from './stats.js';
export type { ReceivedEvent } from './store.js';
export { POISON_KEY } from './vocabulary.js';
