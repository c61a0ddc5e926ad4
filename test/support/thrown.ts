import { RunError } from '../../src/errors.js';

/** The RunError that `act` throws; fails when it throws none. */
export function thrownBy(act: () => unknown): RunError {
  try {
    act();
  } catch (error) {
    if (error instanceof RunError) return error;
  }
  throw new Error('no RunError was thrown');
}
