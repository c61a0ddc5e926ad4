export type { Auth, Config, RejectLimit } from './config/types.js';
