// The first table: every variant over the same rows, in rounds, with a sink that answers at once.
import { findDifferences } from './differences.mjs';
import { measure, middle, orderOf, pairedRatio } from './measure.mjs';
import { ratioText, seconds, table, whole } from './table.mjs';

const BASE = 'csv-hash';

/**
 * Runs every variant once to see what it delivers, and then in rounds to see what it costs. Gives `rounds` by name, and
 * `differences`: sentences about variants that did not deliver what the others did.
 */
export async function measureThroughput(variants, { sink, inputs, rounds, progress }) {
  const verified = {};
  for (const variant of variants) {
    progress(`verify ${variant.name}`);
    verified[variant.name] = await measure(variant, sink, { verify: variant.sends });
  }
  const differences = findDifferences(variants, verified, inputs);
  const found = Object.fromEntries(variants.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const variant of orderOf(variants, round)) {
      progress(`round ${round + 1} of ${rounds} ${variant.name}`);
      const measured = await measure(variant, sink, {});
      found[variant.name].push(measured);
      const { requests, bytes } = measured.arrived;
      const expected = verified[variant.name].arrived;
      if (requests === expected.requests && bytes === expected.bytes) continue;
      differences.push(`${variant.name} sent something else in round ${round + 1} than when it was verified`);
    }
  }
  return { rounds: found, verified, differences };
}

/** The first table as text. */
export function throughputTable(variants, { rounds, verified }, inputs) {
  const header = ['variant', 'CPU s', 'wall s', 'rows/s', 'peak MB', `CPU ÷ ${BASE}`, 'events', 'sink CPU s'];
  const lines = variants.map(({ name, what, input, sends }) => {
    const own = rounds[name];
    const wallMs = middle(own, 'wallMs');
    const sinkCpuMs = middle(
      own.map(({ arrived }) => arrived),
      'sinkCpuMs',
    );
    return [
      `${name}: ${what}`,
      seconds(middle(own, 'cpuMs')),
      seconds(wallMs),
      whole((inputs[input].rows / wallMs) * 1000),
      whole(middle(own, 'memoryMb')),
      ratioText(pairedRatio(rounds, name, BASE, 'cpuMs')),
      sends ? whole(verified[name].arrived.events) : '',
      sends ? seconds(sinkCpuMs) : '',
    ];
  });
  return table(header, lines);
}
