import { EXIT } from './exit.js';

const GO_ON =
  'Run the same command again: it resumes where it stopped. After --no-resume it sends all rows again, so without event IDs export only what was not sent.';

type ErrorSpec = { readonly exit: number; readonly meaning: string; readonly fix: string };

const spec = (exit: number, meaning: string, fix: string): ErrorSpec => Object.freeze({ exit, meaning, fix });

/** Every error that ends a run, with its exit code. */
export const ERRORS = Object.freeze({
  usage: spec(EXIT.usage, 'The command line is not valid.', 'See `snapcapi --help`.'),
  config_unreadable: spec(
    EXIT.config,
    'The config file cannot be read, or is not UTF-8.',
    'Check the path and its permissions, and save the file as UTF-8.',
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
    'Another user can read or change a file that holds a token or secret.',
    'Own the file and close it to others: chmod 600.',
  ),
  credential_incomplete: spec(
    EXIT.config,
    'The environment holds only a part of an OAuth credential.',
    'Set SNAPCAPI_OAUTH_CLIENT_ID, SNAPCAPI_OAUTH_CLIENT_SECRET and SNAPCAPI_OAUTH_REFRESH_TOKEN, or none of them.',
  ),
  credentials_unsafe: spec(
    EXIT.config,
    'Another user can read or change the file of stored credentials or its directory.',
    'Own both and close them to others: chmod 600 for the file, chmod 700 for the directory.',
  ),
  credentials_damaged: spec(
    EXIT.config,
    'The file of stored credentials is damaged. It was not changed.',
    'Correct it at the place named, or move it away and log in again.',
  ),
  credentials_io: spec(
    EXIT.io,
    'The stored credentials cannot be read or written; what was stored is still there.',
    'Check the disk and the permissions of the directory, then run again.',
  ),
  credentials_locked: spec(
    EXIT.temporary,
    'Another process has locked the credential store for too long.',
    'Wait until it ends, or end it; then run the same command again.',
  ),
  endpoint_not_allowed: spec(
    EXIT.config,
    'A URL must not receive a credential: it is not https on snapchat.com, not on this machine, and not allowed by name.',
    'Correct the URL, or allow its host with --allow-endpoint HOST.',
  ),
  proxy_invalid: spec(
    EXIT.config,
    'The URL of the proxy in the environment is not valid.',
    'Write HTTPS_PROXY as http://USER:PASSWORD@HOST:PORT, special characters percent-encoded.',
  ),
  tls_verification_off: spec(
    EXIT.config,
    'NODE_TLS_REJECT_UNAUTHORIZED=0 is set. It lets others on the network read the credential.',
    'Unset it. For a certificate of your own authority, set NODE_EXTRA_CA_CERTS to the path of its PEM file.',
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
    `Check the disk or the program that writes the pipe. ${GO_ON}`,
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
  broken_array: spec(
    EXIT.data,
    'A JSON array is damaged between its elements, so everything after it is in doubt.',
    'Correct the JSON at the line named.',
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
    'The run read fewer rows than min_rows, or sent fewer than min_sent.',
    'Check the query, or lower the limit.',
  ),
  all_refused: spec(
    EXIT.data,
    'The API refused every event for a while, so the run stopped early. The rest was not sent.',
    'Look at the rejects: a systematic mistake, or an event source that is disabled. The same command sends the rest; with --no-early-stop it does not stop again.',
  ),
  mostly_invalid: spec(
    EXIT.data,
    'Over 90 % of the first 1,000 rows are invalid, so the run stops early.',
    'Look at the rejects: a systematic mistake is likely. With --no-early-stop the run continues.',
  ),
  rows_invalid: spec(EXIT.data, 'check --strict found invalid rows.', 'Correct the rows listed.'),

  output_not_writable: spec(
    EXIT.io,
    'An output file cannot be created.',
    'Check the path and its permissions.',
  ),
  output_io: spec(EXIT.io, 'Writing an output file failed.', `Free disk space. ${GO_ON}`),

  open_files_limit: spec(
    EXIT.io,
    'The process may not open as many files as it needs.',
    'Raise the limit of open files to 1024 or more: ulimit -n 1024.',
  ),

  journal_damaged: spec(
    EXIT.io,
    'The journal of the unfinished run cannot be used: its first line is damaged.',
    'Check the disk. Add --force to start over (events keep their IDs). `snapcapi runs list` names the run.',
  ),
  journal_io: spec(
    EXIT.io,
    'Reading or writing the state directory failed, so nothing more is sent.',
    'Free disk space or check the disk, then run the same command again: it resumes where it stopped.',
  ),
  home_missing: spec(
    EXIT.config,
    'The user has no home directory to keep files in.',
    'Set HOME, or name places of your own with --state-dir and --credentials-file.',
  ),
  state_dir_unsafe: spec(
    EXIT.config,
    'Another user can read or change the state directory.',
    'Use a directory of your own and close it to others: chmod 700.',
  ),
  run_locked: spec(
    EXIT.temporary,
    'Another process is working on the same job.',
    'Wait until it ends, or end it; then run the same command again. Give exports that have nothing to do with each other names: --job.',
  ),
  lock_lost: spec(
    EXIT.temporary,
    'Another process took over the run, because this one was suspended for more than a minute.',
    'Wait until the other process ends; then run the same command again.',
  ),
  run_changed: spec(
    EXIT.temporary,
    'The unfinished run began with another input, config, as-of time or program version.',
    'Restore what was changed to resume the run, or add --force to start over.',
  ),
  settings_changed: spec(
    EXIT.config,
    'This input was delivered already, and with the config, as-of time or program version of now its events would be others.',
    'Nothing is left to do for this input. Add --force to send all of its rows again: they may be counted twice.',
  ),
  run_given_up: spec(
    EXIT.temporary,
    'An earlier run of the job could not be finished, because its rows are gone or its settings have changed. The new run was done.',
    'Export the rows of that run that were not sent again, if they are still needed; `snapcapi runs show` counts them.',
  ),
  earlier_run_unfinished: spec(
    EXIT.temporary,
    'An earlier run of the job could not be finished, so the new run waits.',
    'Run the same command again: it finishes the earlier run first.',
  ),
  input_changed: spec(
    EXIT.io,
    'An input was cut, overwritten or replaced while it was read.',
    'Run the same command again when no program writes to the input.',
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
    'The authorization server refuses the credential, or it has expired and cannot be refreshed.',
    'Make it again: `snapcapi auth login --id NAME`.',
  ),
  login_failed: spec(
    EXIT.noPermission,
    'The login was not completed.',
    'Run `snapcapi auth login` again and allow the access in the browser.',
  ),
  authorization_unavailable: spec(
    EXIT.unavailable,
    'The authorization server is unreachable, or keeps failing.',
    `Check the network and any proxy. ${GO_ON}`,
  ),
  wrong_endpoint: spec(
    EXIT.unavailable,
    'The URL is not that of the Conversions API.',
    'Check api_base_url.',
  ),
  redirect_refused: spec(
    EXIT.unavailable,
    'The API responded with a redirect. Redirects are never followed, because they would receive the token.',
    'Check api_base_url and any proxy.',
  ),
  tls_failed: spec(
    EXIT.unavailable,
    'The TLS connection cannot be trusted.',
    'Check the URL, the clock, the proxy and NODE_EXTRA_CA_CERTS.',
  ),
  proxy_refused: spec(
    EXIT.unavailable,
    'The proxy refuses the connection to the API.',
    'Check HTTPS_PROXY, allow the host in the proxy, or add the host to NO_PROXY.',
  ),
  service_unavailable: spec(
    EXIT.unavailable,
    'The API was unreachable, or kept failing, for the whole time limit.',
    GO_ON,
  ),
  unreadable_answers: spec(
    EXIT.protocol,
    'The responses of the API are not readable, so events may or may not have arrived.',
    `Check api_base_url and any proxy. ${GO_ON}`,
  ),
  answer_in_doubt: spec(
    EXIT.temporary,
    'Some events got no readable response.',
    `${GO_ON} Rows in doubt without event IDs are held: --in-doubt resend sends them again, --in-doubt drop gives them up.`,
  ),

  interrupted: spec(EXIT.interrupted, 'The run was interrupted.', GO_ON),
  terminated: spec(EXIT.terminated, 'The run was terminated.', GO_ON),
  books_do_not_balance: spec(
    EXIT.internal,
    'Rows read and row outcomes do not add up.',
    'This is a bug: please report it with the numbers.',
  ),
  internal: spec(EXIT.internal, 'Internal error.', 'This is a bug: please report it.'),
}) satisfies Readonly<Record<string, ErrorSpec>>;
