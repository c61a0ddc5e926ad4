import { Option, type Command } from 'commander';

import type { SimulatorFlags } from '../actions/simulator.js';
import { EXPIRED_STATUSES, ROTATIONS } from '../../simulator/oauth/options.js';
import { FAULT_HELP } from '../../simulator/faults.js';
import type { Context } from '../context.js';
import { addExamples } from '../examples.js';
import { parseDecimal, parseInteger } from '../options.js';

/** What `snapcapi simulator` takes and does. */
export function fillSimulatorCommand(command: Command, context: Context): void {
  command
    .description(
      'Serve a local simulator of the Conversions API on 127.0.0.1, for trials and tests. The first line of output is its URL.',
    )
    .option('--port <n>', 'Port; 0 is any free port', parseInteger(0, 65_535), 0)
    .option('--token <text>', 'Only token to accept (default: any)')
    .option('--asset-id <text>', 'Only event_source_id to accept (default: any)')
    .option('--log <file>', 'Append every stored event to this file (JSONL)')
    .optionsGroup('Behavior:')
    .addOption(
      new Option('--on-invalid <how>', 'Effect of an invalid event on its batch')
        .choices(['whole', 'whole-silent', 'partial', 'partial-200'])
        .default('whole'),
    )
    .option('--fault <script>', 'Fault script, such as 503@every:7 or reset-after@3..5,html@9')
    .option('--seed <n>', 'Seed of random faults (default: 1)', parseInteger(0))
    .option(
      '--rate <n>',
      'Maximum number of requests per second; the rest get status 429 (default: no limit)',
      parseDecimal,
    )
    .option('--retry-after <seconds>', 'Retry-After header of status 429', parseDecimal)
    .option('--latency <ms>', 'Delay of every response (default: 0)', parseInteger(0))
    .option('--as-of <time>', 'Current time when the simulator starts (default: the clock)')
    .option('--max-events <n>', 'Maximum number of events in a request (default: 2000)', parseInteger(1))
    .option('--max-age-days <n>', 'Maximum age of an event (default: 7)', parseDecimal)
    .option('--max-future-minutes <n>', 'Maximum time of an event in the future (default: 60)', parseDecimal)
    .option(
      '--strict-identifiers',
      'Require IP address and user agent together, and never accept a click ID alone',
    );
  addOAuthOptions(command);
  addExamples(command, [
    'simulator --port 8080',
    'simulator --on-invalid partial --fault 503@every:7',
    'simulator --token secret --log received.jsonl',
    'simulator --oauth --oauth-expire-after 100',
  ]);
  command.addHelpText('after', `\n${FAULT_HELP}`);
  command.action((flags: SimulatorFlags) =>
    context.perform(async (io, out) => {
      const { runSimulator } = await import('../actions/simulator.js');
      return runSimulator(flags, io, out);
    }),
  );
}

function addOAuthOptions(command: Command): void {
  command
    .optionsGroup('OAuth:')
    .option(
      '--oauth',
      'Serve the authorize page and the token endpoint, and accept only the access tokens they issue; any flag below implies it',
    )
    .option('--oauth-client-id <text>', 'Client ID to accept (default: simulator-client)')
    .option(
      '--oauth-client-secret <text>',
      'Client secret to accept, never a real one (default: simulator-secret)',
    )
    .option('--oauth-refresh-token <text>', 'Refresh token that is valid without a login')
    .option('--oauth-expires-in <seconds>', 'Lifetime of an access token (default: 3600)', parseInteger(1))
    .option(
      '--oauth-expire-after <n>',
      'Maximum number of requests with an access token (default: no limit)',
      parseInteger(1),
    )
    .addOption(
      new Option(
        '--oauth-rotation <how>',
        'Refresh token in the response to a refresh: a new one that revokes the old one, the same one, or none (default: rotate)',
      ).choices(ROTATIONS),
    )
    .option('--oauth-revoke-on-reuse', 'Revoke all tokens of a login when an old refresh token is used again')
    .addOption(
      new Option(
        '--oauth-expired-status <status>',
        'Status for an access token that is not valid (default: 401)',
      ).choices(EXPIRED_STATUSES.map(String)),
    )
    .option(
      '--oauth-fault <script>',
      'Fault script of the token endpoint, such as 500@1; the option store issues tokens there',
    );
}
