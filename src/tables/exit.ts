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
