import type { Command } from 'commander';

import type { CleanFlags, RunsFlags } from '../actions/runs.js';
import type { Context } from '../context.js';
import { addExamples } from '../examples.js';
import { parseDecimal } from '../options.js';

/** What `snapcapi runs` takes and does, and its own commands. */
export function fillRunsCommand(command: Command, context: Context): void {
  command.description('Shows what the journals of exports say, and removes those that are no longer needed.');
  addExamples(command, ['runs list', 'runs show 20261123T020000-4f9a', 'runs clean --older-than 7']);
  addList(command, context);
  addShow(command, context);
  addClean(command, context);
}

function addList(runs: Command, context: Context): void {
  const command = addStateDir(runs.command('list').summary('all runs, oldest first'))
    .description('Lists all runs of the state directory, oldest first.')
    .option('--json', 'a JSON array instead of a table');
  addExamples(command, ['runs list', 'runs list --json']);
  command.action((flags: RunsFlags) =>
    context.perform(async (io, out) => {
      const { runRunsList } = await import('../actions/runs.js');
      return runRunsList(flags, io, out);
    }),
  );
}

function addShow(runs: Command, context: Context): void {
  const command = addStateDir(runs.command('show').summary('everything about one run'))
    .description('Tells what a run was made from, how far it came, and what to do next.')
    .argument('<id>', 'ID of the run; its beginning or its last four characters will do')
    .option('--json', 'as JSON');
  addExamples(command, ['runs show 20261123T020000-4f9a', 'runs show 4f9a --json']);
  command.action((id: string, flags: RunsFlags) =>
    context.perform(async (io, out) => {
      const { runRunsShow } = await import('../actions/runs.js');
      return runRunsShow(id, flags, io, out);
    }),
  );
}

function addClean(runs: Command, context: Context): void {
  const command = addStateDir(runs.command('clean').summary('remove runs that are no longer needed'))
    .description(
      'Removes complete runs that ended a while ago, with the copies of standard input they kept. A run at which a process is at work always stays.',
    )
    .option('--older-than <days>', 'only runs that ended at least this long ago (default: 30)', parseDecimal)
    .option('--all', 'also runs that are not complete: what they did not send is then forgotten');
  addExamples(command, ['runs clean', 'runs clean --older-than 7', 'runs clean --older-than 0 --all']);
  command.action((flags: CleanFlags) =>
    context.perform(async (io, out) => {
      const { runRunsClean } = await import('../actions/runs.js');
      return runRunsClean(flags, io, out);
    }),
  );
}

function addStateDir(command: Command): Command {
  return command.option(
    '--state-dir <dir>',
    'where runs are remembered (default: SNAPCAPI_STATE_DIR, else the XDG state directory)',
  );
}
