import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const FORMS = [
  ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'],
  ['unshare', '--user', '--map-root-user', '--pid', '--fork', '--kill-child', '--mount-proc'],
];

/**
 * What stands before a command so that it runs as process 1 of a PID namespace of its own, as in a container; `undefined`
 * where that is not permitted. It needs Linux, `unshare`, and root or user namespaces.
 */
export const CONTAINER: readonly string[] | undefined =
  process.platform === 'linux'
    ? FORMS.find(([command = '', ...args]) => spawnSync(command, [...args, 'true']).status === 0)
    : undefined;

/** Why tests that need a container are skipped; added to their names. */
export const CONTAINER_REASON = CONTAINER === undefined ? ' (skipped: unshare is not permitted here)' : '';

/** The process that runs as process 1 of the container that `CONTAINER` made, by its number outside of it. */
export function processOneOf(containerPid: number): number {
  const children = readFileSync(`/proc/${containerPid}/task/${containerPid}/children`, 'utf8');
  return Number(children.trim().split(' ')[0]);
}
