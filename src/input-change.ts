import { stat } from 'node:fs/promises';
import { RunError } from './errors.js';
import { factsOf } from './files/facts.js';
import type { Input, InputFacts } from './read/index.js';

/**
 * Remembers what the input files are, and tells afterwards whether one of them became another while it was read: cut,
 * overwritten, or replaced by a new file of its name. Pipes and devices cannot be compared.
 */
export async function watchInputs(inputs: readonly Input[]): Promise<() => Promise<RunError | undefined>> {
  const before: (InputFacts | undefined)[] = [];
  for (const { path, facts } of inputs)
    before.push(facts ?? (path === undefined ? undefined : await fileFacts(path)));
  return async () => {
    for (const [index, { name, path }] of inputs.entries()) {
      const known = before[index];
      if (known === undefined || path === undefined) continue;
      const now = await fileFacts(path);
      const what = now === undefined ? 'removed' : changeOf(known, now);
      if (what === undefined) continue;
      return new RunError('input_changed', `${name} was ${what} while it was read`, {
        place: { file: name },
      });
    }
    return undefined;
  };
}

async function fileFacts(path: string): Promise<InputFacts | undefined> {
  try {
    const facts = factsOf(await stat(path, { bigint: true }));
    return facts.kind === 'file' ? facts : undefined;
  } catch {
    return undefined;
  }
}

function changeOf(before: InputFacts, now: InputFacts): string | undefined {
  if (now.identity !== before.identity) return 'replaced';
  if (now.size < before.size) return 'cut';
  return now.size !== before.size || now.mtimeNs !== before.mtimeNs ? 'overwritten' : undefined;
}
