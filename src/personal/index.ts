export { personalDataError } from './error.js';
export { findPersonalData, type PersonalFinding } from './find.js';
