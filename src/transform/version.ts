/**
 * Changes whenever the same row would become other bytes, so that a run is never resumed with mixed rules.
 * Raise it with every change of a rule, of the order of keys or of the derived id.
 */
export const TRANSFORM_VERSION = 2;
