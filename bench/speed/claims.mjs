// What is said about the speed of the program, beside what was measured.
import { pairedRatio } from './measure.mjs';
import { startUpRatio } from './start-up.mjs';
import { ratioText, table } from './table.mjs';

const ANY = Number.POSITIVE_INFINITY;

/**
 * Every claim as `{name, measured, atMost or atLeast, holds}`; `measured` and `holds` are undefined when what the claim is
 * about was not part of this run.
 */
export function judgeClaims({ throughput, latency, startUp, memory = [] }) {
  const rounds = throughput?.rounds ?? {};
  const ratio = (numerator, denominator, number) => pairedRatio(rounds, numerator, denominator, number);
  const claims = [
    { name: 'CPU: threads-0 ÷ csv-hash', measured: ratio('threads-0', 'csv-hash', 'cpuMs'), atMost: 0.8 },
    { name: 'CPU: threads-0 ÷ split-hash', measured: ratio('threads-0', 'split-hash', 'cpuMs'), atMost: 2.4 },
    { name: 'wall: threads-2 ÷ csv-hash', measured: ratio('threads-2', 'csv-hash', 'wallMs'), atMost: 0.5 },
    ...['threads-0', 'threads-1'].flatMap((one) => [
      inHouseClaim(one, 'Node', 5),
      inHouseClaim(one, 'Python', 3.3),
    ]),
    inHouseClaim('threads-2', 'Python', 5),
    {
      name: 'rows/s at 150 ms ÷ allowed, where the API is the limit',
      measured: leastShare(latency),
      atLeast: 0.9,
    },
    { name: 'CPU: jsonl ÷ json-hash', measured: ratio('jsonl', 'json-hash', 'cpuMs'), atMost: 2.2 },
    { name: 'CPU: journal ÷ threads-0', measured: ratio('journal', 'threads-0', 'cpuMs'), atMost: 1.05 },
    {
      name: 'CPU: snapcapi --help ÷ node -e 0',
      measured: startUp && startUpRatio(startUp, 'snapcapi --help'),
      atMost: 1.6,
    },
    {
      name: 'CPU: snapcapi --version ÷ node -e 0',
      measured: startUp && startUpRatio(startUp, 'snapcapi --version'),
      atMost: 1.6,
    },
    { name: 'peak MB: threads-0', measured: most(rounds['threads-0']), atMost: 170 },
    { name: 'peak MB: threads-2', measured: most(rounds['threads-2']), atMost: 320 },
    ...memoryClaims(memory, 0, 170),
    ...memoryClaims(memory, 2, 320),
  ];
  return claims.map((claim) => ({ ...claim, holds: holds(claim) }));

  function inHouseClaim(variant, language, atLeast) {
    const measured = ratio(`in-house-${language.toLowerCase()}`, variant, 'wallMs');
    return { name: `rows/s: ${variant} ÷ ${language} script`, measured, atLeast };
  }
}

function memoryClaims(memory, threads, atMost) {
  const own = memory.filter((entry) => entry.threads === threads);
  if (own.length === 0) return [];
  const fast = own.filter(({ latencyMs }) => latencyMs === 0);
  const [fewest, largest] = [fast[0], fast[fast.length - 1]];
  return [
    {
      name: `peak MB: ${threads} threads, any number of rows, slow answers too`,
      measured: most(own),
      atMost,
    },
    {
      name: `peak MB: ${threads} threads, ${largest.rows} rows ÷ ${fewest.rows} rows`,
      measured: exactly(largest.memoryMb / fewest.memoryMb),
      atMost: 1.15,
    },
  ];
}

function most(measurements) {
  return measurements && exactly(Math.max(...measurements.map(({ memoryMb }) => memoryMb)));
}

function leastShare(latency) {
  const shares = latency?.entries.filter(({ limit }) => limit === 'API').map(({ share }) => share) ?? [];
  return shares.length === 0 ? undefined : exactly(Math.min(...shares));
}

function exactly(value) {
  return { median: value, least: value, most: value };
}

function holds({ measured, atMost = ANY, atLeast = -ANY }) {
  return measured && measured.median <= atMost && measured.median >= atLeast;
}

/** The claims as text. */
export function claimsTable(claims) {
  const lines = claims.map(({ name, measured, atMost, atLeast, holds: yes }) => [
    name,
    ratioText(measured),
    atMost === undefined ? `≥ ${atLeast}` : `≤ ${atMost}`,
    yes === undefined ? 'not measured' : yes ? 'yes' : 'no',
  ]);
  return table(['claim', 'measured', 'wanted', 'holds'], lines);
}
