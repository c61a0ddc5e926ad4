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

/** What each exit code means. */
export const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = Object.freeze({
  ok: 'Done, within the limits given. Rows that were skipped are in the rejects.',
  usage: 'The command line is not valid.',
  data: 'The input has a problem, no row was sent, too many rows were rejected, or too few were read or sent.',
  noInput: 'An input does not exist.',
  unavailable: 'The API was unreachable for the whole time limit, or the URL is not that of the API.',
  internal: 'Internal error.',
  io: 'Reading or writing failed, or an output cannot be created.',
  temporary: 'Some events may not have arrived, or another process is working; running again is safe.',
  protocol: 'The responses of the API are not readable; running again is safe.',
  noPermission: 'The credential is refused, or not valid for this `event_source_id`.',
  config: 'The config, a credential or the environment is not valid.',
  interrupted: 'Interrupted (Ctrl-C).',
  terminated: 'Terminated (SIGTERM).',
});
