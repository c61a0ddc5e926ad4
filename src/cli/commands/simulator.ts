import { Option, type Command } from 'commander';

import type { SimulatorFlags } from '../actions/simulator.js';
import { FAULT_HELP } from '../../simulator/faults.js';
import type { Context } from '../context.js';
import { addExamples } from '../examples.js';
import { parseDecimal, parseInteger } from '../options.js';

/** Adds `snapcapi simulator`. */
export function addSimulatorCommand(program: Command, context: Context): void {
  const command = program
    .command('simulator')
    .summary('serve a local stand-in for the Conversions API')
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
  addExamples(command, [
    'simulator --port 8080',
    'simulator --on-invalid partial --fault 503@every:7',
    'simulator --token secret --log received.jsonl',
  ]);
  command.addHelpText('after', `\n${FAULT_HELP}`);
  command.action((flags: SimulatorFlags) =>
    context.perform(async (io, out) => {
      const { runSimulator } = await import('../actions/simulator.js');
      return runSimulator(flags, io, out);
    }),
  );
}
