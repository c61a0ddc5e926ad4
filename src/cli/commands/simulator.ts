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
      'Answers on 127.0.0.1 as the Conversions API is documented to, for trying things out and for tests. The first line of output is its address.',
    )
    .option('--port <n>', 'port; 0 takes a free one', parseInteger(0, 65_535), 0)
    .option('--token <text>', 'the only token to accept (default: any)')
    .option('--asset-id <text>', 'the only event_source_id to accept (default: any)')
    .option('--log <file>', 'append every stored event to this file (JSONL)')
    .optionsGroup('Behavior:')
    .addOption(
      new Option('--on-invalid <how>', 'what an invalid event does to its batch')
        .choices(['whole', 'whole-silent', 'partial', 'partial-200'])
        .default('whole'),
    )
    .option('--fault <script>', 'faults, such as 503@every:7 or reset-after@3..5,html@9')
    .option('--seed <n>', 'seed of random faults (default: 1)', parseInteger(0))
    .option('--rate <n>', 'answer 429 above this many requests a second', parseDecimal)
    .option('--retry-after <seconds>', 'Retry-After of those answers', parseDecimal)
    .option('--latency <ms>', 'wait before every answer', parseInteger(0))
    .option('--max-events <n>', 'events a request may have (default: 2000)', parseInteger(1))
    .option('--max-age-days <n>', 'age an event may have (default: 7)', parseDecimal)
    .option('--max-future-minutes <n>', 'how far in the future an event may lie (default: 60)', parseDecimal)
    .option('--strict-identifiers', 'count IP address and user agent only together, a click ID never alone');
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
      'serve the authorize page and the token endpoint, and take the access tokens they issue only; any flag below implies it',
    )
    .option('--oauth-client-id <text>', 'the client to know (default: simulator-client)')
    .option('--oauth-client-secret <text>', 'its secret (default: simulator-secret); no real one')
    .option('--oauth-refresh-token <text>', 'a refresh token that is good without a login')
    .option('--oauth-expires-in <seconds>', 'life of an access token (default: 3600)', parseInteger(1))
    .option('--oauth-expire-after <n>', 'an access token also ends after so many requests', parseInteger(1))
    .addOption(
      new Option(
        '--oauth-rotation <how>',
        'refresh token of a refresh: a new one that voids the old, the same one, or none (default: rotate)',
      ).choices(ROTATIONS),
    )
    .option(
      '--oauth-revoke-on-reuse',
      'a refresh token used again after its rotation takes all tokens of its login with it',
    )
    .addOption(
      new Option(
        '--oauth-expired-status <status>',
        'answer to an access token that is not good (default: 401)',
      ).choices(EXPIRED_STATUSES.map(String)),
    )
    .option(
      '--oauth-fault <script>',
      'faults of the token endpoint, such as 500@1; there, to store is to issue',
    );
}
