import { EXIT } from './exit.js';

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
  secret_file_unsafe: spec(
    EXIT.config,
    'A file that holds a token or secret could be read or changed by somebody else.',
    'Make it your own, and for you only: chmod 600.',
  ),
  credential_incomplete: spec(
    EXIT.config,
    'The environment holds only a part of an OAuth credential.',
    'Set SNAPCAPI_OAUTH_CLIENT_ID, SNAPCAPI_OAUTH_CLIENT_SECRET and SNAPCAPI_OAUTH_REFRESH_TOKEN, or none of them.',
  ),
  credentials_unsafe: spec(
    EXIT.config,
    'The file of stored credentials, or its directory, could be read or changed by somebody else.',
    'Make it your own, and for you only: chmod 600 for the file, chmod 700 for the directory.',
  ),
  credentials_damaged: spec(
    EXIT.config,
    'The file of stored credentials cannot be understood; it was left as it is.',
    'Correct it at the place named, or move it away and log in again.',
  ),
  credentials_io: spec(
    EXIT.io,
    'The stored credentials cannot be read or written; what was stored is still there.',
    'Check the disk and the permissions of the directory, then run again.',
  ),
  credentials_locked: spec(
    EXIT.temporary,
    'Another process is changing the stored credentials for too long.',
    'Wait until it ends, or end it; then run the same command again.',
  ),
  endpoint_not_allowed: spec(
    EXIT.config,
    'An address is not one that a credential may be sent to: https and part of snapchat.com, or on this machine, or allowed by name.',
    'Correct the address, or allow its host with --allow-endpoint HOST.',
  ),
  proxy_invalid: spec(
    EXIT.config,
    'The address of the proxy in the environment cannot be used.',
    'Write HTTPS_PROXY as http://USER:PASSWORD@HOST:PORT, special characters percent-encoded.',
  ),
  tls_verification_off: spec(
    EXIT.config,
    'NODE_TLS_REJECT_UNAUTHORIZED=0 is set, which would let anybody between here and the API read the credential.',
    'Unset it. For a server or a proxy with a certificate of your own authority, set NODE_EXTRA_CA_CERTS to the path of its PEM file.',
  ),

  package_missing: spec(
    EXIT.config,
    'A setting needs a package that is not installed.',
    'Install the package named beside snapcapi.',
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
  no_standard_column: spec(
    EXIT.data,
    'The file has no header, or none of its columns is known.',
    'Write the column names as the first line, or rename columns with "columns" in the config. `snapcapi fields` lists the names.',
  ),
  unsupported_format: spec(
    EXIT.data,
    'The input is in a format that cannot be read.',
    'Write CSV or JSONL, uncompressed or compressed with gzip.',
  ),
  input_empty: spec(
    EXIT.data,
    'The input is empty.',
    'Check that the producer succeeded (set -o pipefail). Add --allow-empty if an empty input is expected.',
  ),
  cut_short: spec(
    EXIT.data,
    'The input ends within a record, so it may have been cut short.',
    'Check that the producer succeeded (set -o pipefail), and produce the input again.',
  ),
  personal_data_unhashed: spec(
    EXIT.data,
    'Custom columns hold personal data, which would be sent unhashed.',
    'Map the column to its field or leave it out with "columns", or allow it with "personal_data": {"allow": ["column"]}.',
  ),
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
  nothing_sent: spec(
    EXIT.data,
    'Rows were read, but none of them was sent.',
    'Read the reasons in the summary or in the file of --rejects.',
  ),
  too_few_rows: spec(
    EXIT.data,
    'The run read or sent fewer rows than min_rows or min_sent demands.',
    'Check the query, or lower the limit.',
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
  credential_missing: spec(
    EXIT.config,
    'No credential of that name is stored.',
    'Make it with `snapcapi auth login --id NAME`, or correct oauth_credentials_id.',
  ),
  credential_refused: spec(
    EXIT.noPermission,
    'The authorization server does not accept the credential any more, or it has expired and cannot be refreshed.',
    'Make it again: `snapcapi auth login --id NAME`.',
  ),
  login_failed: spec(
    EXIT.noPermission,
    'The login was not completed.',
    'Run `snapcapi auth login` again and allow the access in the browser.',
  ),
  authorization_unavailable: spec(
    EXIT.unavailable,
    'The authorization server could not be reached, or kept failing.',
    'Run again later; check the network and any proxy.',
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
    'Check the address, the clock, the proxy and NODE_EXTRA_CA_CERTS.',
  ),
  proxy_refused: spec(
    EXIT.unavailable,
    'The proxy does not let the program through to the API.',
    'Ask whoever runs the proxy to allow it, check HTTPS_PROXY, or except the host with NO_PROXY.',
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
