export { nodeFs } from '../files/node-fs.js';
