export { encodeBody, eventsOf } from './batch.js';
export { createBatcher } from './batcher.js';
export { deliverBatches } from './deliver.js';
export { eventsUrl } from './endpoint.js';
export type { Batch, IndexedAnswer, Settled } from './types.js';
