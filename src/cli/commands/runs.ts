import type { Command } from 'commander';

import type { CleanFlags, RunsFlags } from '../actions/runs.js';
import type { Context } from '../context.js';
import { addExamples } from '../examples.js';
import { parseDecimal } from '../options.js';

/** What `snapcapi runs` takes and does, and its own commands. */
export function fillRunsCommand(command: Command, context: Context): void {
  command.description('List, show and remove recorded runs.');
  addExamples(command, ['runs list', 'runs show 20261123T020000-4f9a', 'runs clean --older-than 7']);
  addList(command, context);
  addShow(command, context);
  addClean(command, context);
}

function addList(runs: Command, context: Context): void {
  const command = addStateDir(runs.command('list').summary('List all runs, oldest first'))
    .description('List all runs of the state directory, oldest first.')
    .option('--json', 'Print a JSON array instead of a table');
  addExamples(command, ['runs list', 'runs list --json']);
  command.action((flags: RunsFlags) =>
    context.perform(async (io, out) => {
      const { runRunsList } = await import('../actions/runs.js');
      return runRunsList(flags, io, out);
    }),
  );
}

function addShow(runs: Command, context: Context): void {
  const command = addStateDir(runs.command('show').summary('Show one run in detail'))
    .description('Show the inputs, the settings and the progress of a run, and what to do next.')
    .argument('<id>', 'ID of the run, its beginning or its last four characters')
    .option('--json', 'Print JSON');
  addExamples(command, ['runs show 20261123T020000-4f9a', 'runs show 4f9a --json']);
  command.action((id: string, flags: RunsFlags) =>
    context.perform(async (io, out) => {
      const { runRunsShow } = await import('../actions/runs.js');
      return runRunsShow(id, flags, io, out);
    }),
  );
}

function addClean(runs: Command, context: Context): void {
  const command = addStateDir(runs.command('clean').summary('Remove old runs'))
    .description(
      'Remove complete runs that ended some time ago, with their copies of standard input. A run that a process is working on always stays.',
    )
    .option('--older-than <days>', 'Minimum age of a run in days since its end (default: 30)', parseDecimal)
    .option('--all', 'Also remove incomplete runs: they cannot be resumed afterwards');
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
    'Directory of recorded runs (default: SNAPCAPI_STATE_DIR, else the XDG state directory)',
  );
}
