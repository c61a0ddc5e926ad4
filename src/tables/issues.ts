/** The issues as data: no message ever holds a cell value, only names, positions, limits and closed words. */

/**
 * What an issue does:
 * `reject`: the value cannot be sent and (by default) the row is invalid;
 * `row`: the row is invalid whatever `on_invalid_field` says;
 * `drop`: the value is left out, the row goes on, a warning is counted;
 * `keep`: the value is sent, a warning is counted;
 * `input`: a warning about the input as a whole, given once;
 * `delivery`: why a valid row was not delivered.
 */
export type IssueEffect = 'reject' | 'row' | 'drop' | 'keep' | 'input' | 'delivery';

type IssueSpec = {
  readonly effect: IssueEffect;
  readonly message: string;
  readonly meaning: string;
  readonly fix: string;
};

const spec = (effect: IssueEffect, message: string, meaning: string, fix: string): IssueSpec =>
  Object.freeze({ effect, message, meaning, fix });

/** Every issue code. `{name}` in a message is replaced by the argument of that name. */
export const ISSUES = Object.freeze({
  // The record itself
  column_count: spec(
    'row',
    'has {cells} cells where the header has {columns} columns',
    'A CSV row is shorter or longer than the header, so its cells cannot be told apart with certainty.',
    'Quote cells that contain the delimiter, and write an empty cell for every missing value.',
  ),
  not_json: spec(
    'row',
    'is not JSON',
    'A line of a JSONL input cannot be parsed.',
    'Write one JSON object on each line.',
  ),
  not_an_object: spec(
    'row',
    'is JSON, but not an object',
    'A line of a JSONL input holds an array, a string, a number, a boolean or null.',
    'Write one JSON object on each line.',
  ),
  duplicate_key: spec(
    'row',
    'has the key twice (case is ignored)',
    'Two keys of one JSON object are equal when case and surrounding blanks are ignored.',
    'Keep one of them.',
  ),
  record_too_large: spec(
    'row',
    'is larger than {limit} bytes',
    'A record is above the limit for one record.',
    'Raise --max-record-bytes if the record is right; look for a missing line end if not.',
  ),
  nul_character: spec(
    'row',
    'contains a NUL character',
    'A NUL in text is damage, or a file in another encoding, and would change a hash.',
    'Export the file again as UTF-8, or name its encoding with --encoding.',
  ),
  lone_surrogate: spec(
    'row',
    'contains half of a surrogate pair',
    'The text is not valid Unicode; encoding it would silently replace a character and change a hash.',
    'Write the character in full, or leave the cell empty.',
  ),
  number_not_finite: spec(
    'row',
    'is a number too large to represent',
    'A JSON number is infinite after parsing (such as 1e400).',
    'Write it as a string, or leave it out.',
  ),

  nested_too_deep: spec(
    'row',
    'is nested more than 100 levels deep',
    'A JSON value holds lists or objects inside each other beyond any use.',
    'Flatten the value in the query.',
  ),

  // Required values
  missing_required: spec(
    'row',
    'is required and has no value',
    'A field the API or this kind of event needs is NULL, blank or was dropped.',
    'Give every row a value in this column.',
  ),
  missing_identifier: spec(
    'row',
    'has none of em, ph, sc_click_id, client_ip_address, client_user_agent, madid',
    'An event needs at least one identifier that survives validation.',
    'Add one of these columns to the query.',
  ),

  // Field values
  unknown_event_name: spec(
    'reject',
    'is not one of the event names of the API',
    'Event names are a closed list; case does not matter.',
    'Use a standard name, or CUSTOM_EVENT_1 to CUSTOM_EVENT_5. `snapcapi fields event_name` lists them.',
  ),
  invalid_event_time: spec(
    'reject',
    'is not a point in time ({reason})',
    'Accepted: Unix time of 10 or more digits, ISO 8601, or timestamp text as query engines print it.',
    'Cast the column to a timestamp, or to Unix time.',
  ),
  event_in_future: spec(
    'row',
    'is more than {minutes} minutes after the as-of time',
    'The event would lie in the future.',
    'Check the unit and the time zone; raise max_future_minutes if clocks differ.',
  ),
  event_expired: spec(
    'row',
    'is more than {days} days before the as-of time',
    'The API skips old events, so the row is not sent.',
    'Export sooner, or raise max_event_age_days if the API accepts older events for you.',
  ),
  invalid_url: spec(
    'reject',
    'is not an absolute http or https URL',
    'A URL must include its protocol and host.',
    'Write it as https://example.com/page.',
  ),
  invalid_email: spec(
    'reject',
    'is neither an e-mail address nor a SHA-256 hash',
    'Raw addresses are checked before they are hashed.',
    'Correct the address, or leave the cell empty.',
  ),
  invalid_uuid: spec(
    'reject',
    'does not have the shape of a UUID',
    'Expected 8-4-4-4-12 hexadecimal digits.',
    'Pass the identifier exactly as Snapchat gave it.',
  ),
  invalid_ip: spec(
    'reject',
    'is not an IPv4 or IPv6 address',
    'A port, a zone id or a list of addresses is not accepted.',
    'Send the device address alone.',
  ),
  invalid_number: spec(
    'reject',
    'is not a decimal number',
    'Accepted: optional sign, digits, optional fraction. No thousands separators, no currency sign.',
    'Write 1234.5 for one thousand two hundred thirty-four and a half.',
  ),
  invalid_integer: spec(
    'reject',
    'is not an integer',
    'This field takes whole numbers.',
    'Round or cast the column in the query.',
  ),
  negative_integer: spec(
    'reject',
    'is negative',
    'This field takes whole numbers from 0.',
    'Correct the value, or leave the cell empty.',
  ),
  invalid_datetime: spec(
    'reject',
    'is named in custom_datetime_columns, but is not a point in time ({reason})',
    'Every value of such a column is converted to Unix time.',
    'Correct the value, leave the cell empty, or remove the column from "custom_datetime_columns".',
  ),
  integer_out_of_range: spec(
    'reject',
    'is an integer too large to represent exactly',
    'Integers beyond 2^53 cannot be kept exactly in a JSON number, or are beyond 64 bits in extinfo.',
    'Correct the value, or leave the cell empty.',
  ),
  invalid_boolean: spec(
    'reject',
    'is not a boolean',
    'Accepted: 1/0, true/false, t/f, yes/no, in any case.',
    'Write 1 or 0.',
  ),
  invalid_choice: spec(
    'reject',
    'is not one of: {allowed}',
    'The field takes a closed list of words.',
    'Use one of the accepted words.',
  ),
  invalid_currency: spec(
    'reject',
    'is not an ISO 4217 currency code',
    'Currency is a three-letter code.',
    'Write USD, EUR, JPY and so on.',
  ),
  invalid_date: spec(
    'reject',
    'is not a real date as YYYY-MM-DD or YYYYMMDD',
    'The date is in another format, or no such day exists.',
    'Format the column as YYYY-MM-DD.',
  ),
  invalid_airport: spec(
    'reject',
    'is not a three-letter IATA airport code',
    'Airports are given by their IATA code.',
    'Write JFK, LAX and so on.',
  ),
  invalid_app_id: spec(
    'reject',
    'is neither an App Store number nor an Android package name',
    'iOS apps are digits only, Android apps are package names.',
    'Write 447188370 or com.example.app.',
  ),
  platform_mismatch: spec(
    'row',
    'does not agree with device_os',
    'An App Store number goes with device_os i2, a package name with a2.',
    'Correct app_id or device_os.',
  ),
  invalid_extinfo: spec(
    'reject',
    'is not a list of 16 values ({reason})',
    'extinfo has exactly 16 positions; the first is i2 or a2.',
    'Give the 16 columns of extinfo, or one cell with a JSON array of 16.',
  ),
  invalid_array: spec(
    'reject',
    'begins like a list, but cannot be read as a list of plain values',
    'A list in one cell is a JSON array, a PostgreSQL array {a,b} or [a, b]. Its elements are plain values.',
    'Write ["a","b"], or use numbered columns.',
  ),
  invalid_contents: spec(
    'reject',
    'is not a JSON array of objects with id, quantity, item_price, delivery_category, brand ({reason})',
    'contents is a list of items.',
    'Write [{"id":"A","quantity":1,"item_price":9.5}], or use content_id_1, content_quantity_1 and so on.',
  ),
  wrong_type: spec(
    'reject',
    'is {found} where a single value is expected',
    'A JSON object or array stands where the field takes one value.',
    'Select the single value in the query.',
  ),

  // Warnings that leave a value out
  unknown_gender: spec(
    'drop',
    'is neither f/female nor m/male; left out',
    'Only f and m can be matched.',
    'Map other values to NULL in the query to silence this.',
  ),
  unknown_country: spec(
    'drop',
    'is not a country that is known here; left out',
    'Accepted: ISO 3166-1 alpha-2, alpha-3, numeric codes, and English names.',
    'Use the two-letter code.',
  ),
  field_dropped: spec(
    'drop',
    'was left out: {code}',
    'on_invalid_field is drop_field, so an invalid optional value does not cost the row.',
    'See the code named in the message.',
  ),

  unknown_contents_key: spec(
    'drop',
    'has items with the key {key}, which the API does not know; left out{hint}',
    'An item of contents takes id, quantity, item_price, delivery_category and brand, in any case.',
    'Rename the key with "contents_keys" in the config, or remove it in the query.',
  ),
  invalid_phone: spec(
    'drop',
    'has no digits; left out',
    'A phone number needs digits, with the country code.',
    'Correct the number, or leave the cell empty.',
  ),
  phone_lost_digits: spec(
    'drop',
    'is a number that is not whole or has lost digits; left out',
    'Spreadsheets and data frames write long numbers as 4.42079E+11, which no longer holds all digits.',
    'Export the column as text.',
  ),
  placeholder_value: spec(
    'drop',
    'is a placeholder and not an identifier; left out',
    'Texts such as null, none, unknown, n/a and 0, and a UUID of zeros, identify nobody.',
    'Write NULL for missing identifiers, or name the text with --null.',
  ),
  looks_like_null: spec(
    'drop',
    'looks like the NULL of another program; left out',
    'Some clients write NULL as the text NULL, null, None or nan.',
    'Name the text with --null, for example --null NULL.',
  ),

  // Warnings that keep the value
  phone_without_country_code: spec(
    'keep',
    'is a phone number without a country code',
    'Such a number matches nobody: it begins with 0, or not with the calling code of the country of its row.',
    'Write numbers in international form (+44 844 412 4653), or set "phone_country" in the config.',
  ),
  spreadsheet_marks: spec(
    'keep',
    'has marks of a spreadsheet, which were removed',
    'Spreadsheets protect text with a leading apostrophe or as ="…".',
    'Export the column without the marks to silence this.',
  ),
  timestamp_left_as_text: spec(
    'keep',
    'looks like a timestamp and is sent as text',
    'Only some shapes of timestamps are converted in custom columns, so one column can hold both numbers and text.',
    'Name the column in "custom_datetime_columns" in the config to convert every value.',
  ),
  weak_identifier: spec(
    'keep',
    'has only weak identifiers',
    'The API counts IP address and user agent only together, and a click id not by itself; the row is sent, but may not match.',
    'Add em, ph or madid, or both client_ip_address and client_user_agent.',
  ),
  suspicious_phone: spec(
    'keep',
    'does not look like a phone number with a country code',
    'Fewer than 8 or more than 15 digits, or a 0 kept after the country code.',
    'Write numbers in international form: +44 844 412 4653.',
  ),
  integer_as_text: spec(
    'keep',
    'is an integer beyond 2^53; sent as text, digit for digit',
    'A JSON number of that size cannot be kept exactly.',
    'Write it as a string in the input to silence this.',
  ),

  // The header, once for an input
  duplicate_column: spec(
    'input',
    'appears twice (case and surrounding blanks are ignored)',
    'Duplicate column names are not allowed.',
    'Rename or remove one of them in the query.',
  ),
  base_and_flattened: spec(
    'input',
    'is present both as a column of its own and in flattened form ({flattened})',
    'It would be unclear which of the two is meant.',
    'Keep one of the two forms.',
  ),
  mapping_source_missing: spec(
    'input',
    'is named in the output mapping but not in the input',
    'A "from" or "drop" of the config\'s columns does not exist in this input.',
    'Correct the name in "columns", or add the column to the query.',
  ),
  action_source_ignored: spec(
    'input',
    'is ignored: the action source comes from event_source_type',
    'The config decides the action source for the whole export.',
    'Remove the column to silence this.',
  ),
  unnamed_column: spec(
    'input',
    'has no name for column {position}, which is ignored',
    'A column without a name has nowhere to go.',
    'Name it, or remove a trailing delimiter from the header.',
  ),
  index_gap: spec(
    'input',
    'has gaps in its numbering ({indexes}); the order is kept',
    'Numbered columns should run 1, 2, 3.',
    'Check that no column is missing.',
  ),
  index_zero: spec(
    'input',
    'is numbered from 0; the order is kept',
    'Numbered columns start at 1.',
    'Rename the columns to silence this.',
  ),
  missing_column: spec(
    'input',
    'is required but not in the input',
    'Every row will be invalid unless the value comes from somewhere else.',
    'Add the column to the query.',
  ),
  suspicious_column: spec(
    'input',
    'is no standard field and goes to custom_data as it is; did you mean {suggestion}?',
    'The name is close to a standard field. Custom fields are sent unhashed.',
    'Rename it in the query, or map it with "columns" in the config.',
  ),
  array_not_assembled: spec(
    'input',
    'is numbered, but its base name is a standard field that takes one value; kept as separate custom fields',
    'A custom field must not overwrite a standard one.',
    'Rename the columns.',
  ),
  personal_data: spec(
    'input',
    'holds personal data that is sent unhashed',
    'Custom columns are sent as they are. Names or values of this column look like personal data.',
    'Map it to its field or leave it out with "columns", or allow it with "personal_data".',
  ),
  no_final_line_end: spec(
    'input',
    'has no line end after its last record, so its last value may be incomplete',
    'An input that was cut short looks the same as one that ends without a line end.',
    'Check that the producer succeeded (set -o pipefail). --require-final-newline refuses such an input.',
  ),
  empty_input: spec(
    'input',
    'is empty',
    'The input has no bytes.',
    'Check that the producer succeeded (set -o pipefail).',
  ),
  semicolon_header: spec(
    'input',
    'looks like several columns separated by {delimiter}: try --delimiter {flag}',
    'The header has one column that contains another usual delimiter.',
    'Name the delimiter with --delimiter.',
  ),

  // Delivery
  event_too_large: spec(
    'row',
    'makes an event of {bytes} bytes, above max_batch_bytes ({limit})',
    'One event does not fit into one request.',
    'Shorten custom fields or contents, or raise max_batch_bytes.',
  ),
  refused_by_api: spec(
    'delivery',
    'was refused by the API: {reason}',
    'The API named this event as invalid, or refused it when it was sent alone.',
    'Correct the row and send it again from the rejected rows.',
  ),
  no_readable_answer: spec(
    'delivery',
    'was sent, but no readable answer came ({reason})',
    'The API may or may not have stored the event.',
    'Run the same input again: events with the same event_id are counted once within 48 hours.',
  ),
  not_attempted: spec(
    'delivery',
    'was not sent: {reason}',
    'The run stopped before this row was delivered.',
    'Remove the cause and run again with the rejected rows.',
  ),
}) satisfies Readonly<Record<string, IssueSpec>>;
