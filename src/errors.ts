/** Exit codes, after sysexits.h. The table is part of the public contract. */
export const EXIT = Object.freeze({
  ok: 0,
  usage: 64,
  data: 65,
  noInput: 66,
  unavailable: 69,
  internal: 70,
  io: 74,
  temporary: 75,
  protocol: 76,
  noPermission: 77,
  config: 78,
  interrupted: 130,
  terminated: 143,
});

/** What each exit code tells the caller. */
export const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = Object.freeze({
  ok: 'Done, within the limits given.',
  usage: 'The command line is not understood.',
  data: 'The input has a problem, or too many rows were rejected.',
  noInput: 'An input does not exist.',
  unavailable: 'The API was not reachable for the whole time budget, or does not answer as it should.',
  internal: 'A mistake in the program.',
  io: 'Reading or writing failed, or an output cannot be created.',
  temporary: 'For some events it is not known whether they arrived; running again is safe.',
  protocol: 'The API kept giving answers that cannot be read; running again is safe.',
  noPermission: 'The credential was refused, or is not good for this `event_source_id`.',
  config: 'The config is wrong.',
  interrupted: 'Interrupted (Ctrl-C).',
  terminated: 'Told to end (SIGTERM).',
});

const GO_ON =
  'Run the same command again: it goes on where it stopped. With --no-resume, run it with the rejected rows.';

type ErrorSpec = { readonly exit: number; readonly meaning: string; readonly fix: string };

const spec = (exit: number, meaning: string, fix: string): ErrorSpec => Object.freeze({ exit, meaning, fix });

/** Every error that ends a run, with its exit code. */
export const ERRORS = Object.freeze({
  usage: spec(EXIT.usage, 'The command line is not understood.', 'See `snapcapi --help`.'),
  config_unreadable: spec(
    EXIT.config,
    'The config file cannot be read.',
    'Check the path and its permissions.',
  ),
  config_not_json: spec(EXIT.config, 'The config is not JSON.', 'Correct the JSON at the position named.'),
  config_invalid: spec(
    EXIT.config,
    'A key of the config is unknown, missing or has a wrong value.',
    'Correct the key named. `docs/config.md` lists all keys.',
  ),
  config_unset_variable: spec(
    EXIT.config,
    'The config names an environment variable that is not set.',
    'Set the variable, or remove ${...} from the config.',
  ),
  token_missing: spec(
    EXIT.config,
    'No API token was given.',
    'Set api_token in the config, SNAPCAPI_API_TOKEN in the environment, or --token-file.',
  ),
  oauth_not_available: spec(
    EXIT.config,
    'auth_method oauth is accepted in the config, but cannot deliver yet.',
    'Use auth_method api_token.',
  ),
  endpoint_not_allowed: spec(
    EXIT.config,
    'api_base_url must be https, or http on loopback.',
    'Correct api_base_url.',
  ),

  input_missing: spec(EXIT.noInput, 'An input file does not exist or cannot be opened.', 'Check the path.'),
  input_io: spec(
    EXIT.io,
    'Reading an input failed.',
    'Check the disk or the program that writes the pipe; run again.',
  ),
  input_compression: spec(
    EXIT.data,
    'The compressed input is damaged or cut short.',
    'Produce the file again.',
  ),
  input_encoding: spec(
    EXIT.data,
    'The input has bytes that are not valid in its encoding.',
    'Export it as UTF-8, or name its encoding with --encoding.',
  ),
  unknown_encoding: spec(
    EXIT.usage,
    'The encoding is not known.',
    'Use a usual name: utf-8, utf-16le, windows-1252, shift_jis.',
  ),
  broken_quote: spec(
    EXIT.data,
    'A quoted CSV cell is broken, so everything after it is in doubt.',
    'Double the quotes inside quoted cells; quote cells that contain quotes.',
  ),
  header_invalid: spec(EXIT.data, 'The header cannot be used as it is.', 'See the column named.'),
  invalid_row_stop: spec(
    EXIT.data,
    'skip_invalid_records is false and a row is invalid.',
    'Correct the row and export it with the rows after it; the rows before it are delivered.',
  ),
  refused_row_stop: spec(
    EXIT.data,
    'skip_invalid_records is false and the API refused a row.',
    'Correct the row and export it with the rows after it.',
  ),
  too_many_rejected: spec(
    EXIT.data,
    'More rows were rejected than --max-rejected allows.',
    'Look at the rejects; correct the query, or raise the limit.',
  ),
  nothing_valid: spec(
    EXIT.data,
    'Rows were read, but none of them could be delivered.',
    'Look at the rejects: a systematic mistake is likely.',
  ),
  all_refused: spec(
    EXIT.data,
    'The API refused everything from the start of the run, so the run was stopped early.',
    'Look at the rejects: a systematic mistake is likely. With --no-early-stop the run goes on.',
  ),
  mostly_invalid: spec(
    EXIT.data,
    'Over 90 % of the first 1,000 rows are invalid, so the run was stopped early.',
    'Look at the rejects: a systematic mistake is likely. With --no-early-stop the run goes on.',
  ),
  rows_invalid: spec(EXIT.data, 'check --strict found invalid rows.', 'Correct the rows listed.'),

  output_not_writable: spec(
    EXIT.io,
    'An output file cannot be created.',
    'Check the path and its permissions.',
  ),
  output_io: spec(EXIT.io, 'Writing an output file failed.', 'Free disk space and run again.'),

  journal_damaged: spec(
    EXIT.io,
    'The journal of the unfinished run cannot be used: its first line is damaged.',
    'Check the disk. Add --force to begin anew (events keep their ids); `snapcapi runs list` names the run.',
  ),
  journal_io: spec(
    EXIT.io,
    'Reading or writing the state directory failed, so nothing more is sent.',
    'Free disk space or check the disk, then run the same command again: it goes on where it stopped.',
  ),
  state_dir_unsafe: spec(
    EXIT.config,
    'The state directory could be changed or read by somebody else.',
    'Make it a directory of your own that only you can enter: chmod 700.',
  ),
  run_locked: spec(
    EXIT.temporary,
    'Another process is at work on the same run.',
    'Wait until it ends, or end it; then run the same command again.',
  ),
  run_changed: spec(
    EXIT.config,
    'The unfinished run was made with another input, config, as-of or program.',
    'Restore what was changed to go on with the run, or add --force to begin anew.',
  ),

  unauthorized: spec(
    EXIT.noPermission,
    'The API does not accept the credential, or not for this event_source_id.',
    'Check event_source_id first (Pixel ID for WEB and OFFLINE, Snap App ID for MOBILE_APP), then the token.',
  ),
  wrong_endpoint: spec(
    EXIT.unavailable,
    'The address does not answer as the Conversions API does.',
    'Check api_base_url.',
  ),
  redirect_refused: spec(
    EXIT.unavailable,
    'The API answered with a redirect, which is never followed because the token would travel.',
    'Check api_base_url and any proxy.',
  ),
  tls_failed: spec(
    EXIT.unavailable,
    'The TLS connection cannot be trusted.',
    'Check the clock, the proxy and NODE_EXTRA_CA_CERTS.',
  ),
  service_unavailable: spec(
    EXIT.unavailable,
    'The API could not be reached, or kept failing, for the whole time budget.',
    'Run again later with the rejected rows.',
  ),
  unreadable_answers: spec(
    EXIT.protocol,
    'The API kept giving answers that cannot be read, so it is not known whether events arrived.',
    'Check api_base_url and any proxy; then run again: events with the same event_id are counted once within 48 hours.',
  ),
  answer_in_doubt: spec(
    EXIT.temporary,
    'For some events no readable answer came.',
    'Run again: events with the same event_id are counted once within 48 hours.',
  ),

  interrupted: spec(EXIT.interrupted, 'The run was interrupted.', GO_ON),
  terminated: spec(EXIT.terminated, 'The run was told to end.', GO_ON),
  books_do_not_balance: spec(
    EXIT.internal,
    'Rows read and row outcomes do not add up.',
    'This is a bug: please report it with the numbers.',
  ),
  internal: spec(EXIT.internal, 'The program made a mistake.', 'This is a bug: please report it.'),
}) satisfies Readonly<Record<string, ErrorSpec>>;

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
