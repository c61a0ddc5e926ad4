export { BODY_FRAME_BYTES, encodeBody, eventsOf, type BatchEvent } from './batch.js';
export { createBatcher, type Batcher, type BatchLimits } from './batcher.js';
export { deliverBatches, type DeliverOptions } from './deliver.js';
export { checkEndpoint, eventsUrl, type EventsEndpoint } from './endpoint.js';
export type { ApiReason, Batch, EventSpan, IndexedAnswer, Settled } from './types.js';
