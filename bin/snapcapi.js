#!/usr/bin/env node
import { readFileSync } from 'node:fs';

// Signals have no default action for process 1, which a program in a container is. Commands that listen end in their own way.
if (process.pid === 1) {
  for (const [name, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ]) {
    process.on(name, () => {
      if (process.listenerCount(name) === 1) process.exit(code);
    });
  }
}

// Help and version are asked for by scripts and by impatient people: the build writes them down, so that nothing has to be loaded.
const WRITTEN = { '--help': 'help.txt', '-h': 'help.txt', '--version': 'version.txt', '-V': 'version.txt' };
/** Lines of the help are broken at this width or a larger one in the same places. */
const HELP_WIDTH = 80;

function writtenAnswer() {
  const [word = '', ...more] = process.argv.slice(2);
  if (!Object.hasOwn(WRITTEN, word) || more.length > 0) return undefined;
  if ((process.stdout.columns ?? HELP_WIDTH) < HELP_WIDTH) return undefined;
  try {
    return readFileSync(new URL(`../dist/${WRITTEN[word]}`, import.meta.url));
  } catch {
    return undefined;
  }
}

const answer = writtenAnswer();
if (answer === undefined) {
  const { runProcess } = await import('../dist/cli/main.js');
  await runProcess();
} else process.stdout.write(answer);
