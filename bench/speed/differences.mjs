/**
 * Sentences about variants that did not deliver what the others did: `verified` holds, by name, what the sink saw (`arrived`)
 * and what the process printed (`said`). In-house scripts normalize less and send less, so only what every script must
 * agree on is compared for them; baselines that send nothing are compared by the rows they saw and the hashes they made.
 */
export function findDifferences(variants, verified, inputs) {
  const differences = [];
  const first = {};
  const compare = (key, name, value) => {
    first[key] ??= { name, value };
    if (first[key].value !== value) differences.push(`${key}: ${name} differs from ${first[key].name}`);
  };
  for (const { name, input, sends, inHouse } of variants) {
    const { arrived, said } = verified[name];
    if (!sends) {
      const { rows, sum } = JSON.parse(said);
      if (rows !== undefined) compare(`rows of ${input}`, name, rows);
      if (sum !== undefined) compare('hashes of the cells', name, sum);
      continue;
    }
    const { rows } = inputs[input];
    if (arrived.events !== rows) differences.push(`${name} delivered ${arrived.events} events of ${rows}`);
    // JSONL holds the same rows as CSV, so that its events are the same too; the app's are its own.
    const events = input === 'app' ? 'app' : 'web';
    compare(`id, name, time, address and value of ${events} events`, name, arrived.core);
    if (!inHouse) compare(`${events} events as a whole`, name, arrived.whole);
  }
  return differences;
}
