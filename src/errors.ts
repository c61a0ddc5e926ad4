import { ERRORS } from './tables/errors.js';

export { ERRORS } from './tables/errors.js';
export { EXIT, EXIT_MEANINGS } from './tables/exit.js';

export type ErrorCode = keyof typeof ERRORS;

export type ErrorPlace = {
  readonly file?: string;
  readonly row?: number;
  readonly line?: number;
  readonly column?: string;
  readonly byte?: number;
};

/**
 * A problem that ends the run. `message` says what and where and holds no cell value, token or URL;
 * `fix` says what to do. Foreign errors are mapped to one of these, never forwarded.
 */
export class RunError extends Error {
  override readonly name = 'RunError';
  readonly code: ErrorCode;
  readonly place: ErrorPlace;
  readonly fix: string;

  constructor(
    code: ErrorCode,
    message: string,
    options: { readonly place?: ErrorPlace; readonly fix?: string } = {},
  ) {
    super(message);
    this.code = code;
    this.place = options.place ?? {};
    this.fix = options.fix ?? ERRORS[code].fix;
  }

  get exitCode(): number {
    return ERRORS[this.code].exit;
  }
}

/** The reason an abort signal carries, when it is one of ours. */
export function interruption(signal: AbortSignal): RunError {
  return signal.reason instanceof RunError
    ? signal.reason
    : new RunError('interrupted', 'the run was interrupted');
}
