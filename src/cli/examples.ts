import type { Command } from 'commander';

/** Adds example command lines below the help of a command. */
export function addExamples(command: Command, lines: readonly string[]): void {
  command.addHelpText('after', `\nExamples:\n${lines.map((line) => `  $ snapcapi ${line}`).join('\n')}`);
}
