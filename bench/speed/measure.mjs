import { performance } from 'node:perf_hooks';
import { median } from '../support.mjs';

/**
 * Runs a process from start to end. Gives CPU (user and system) and wall time in ms, peak memory in MB, what the sink saw
 * and what the process printed. Throws when it fails.
 */
export async function measure({ name, start, clean }, sink, phase) {
  await sink.begin(phase);
  const startedMs = performance.now();
  const { code, signal, used, stdout, stderr } = await start().ended;
  const wallMs = performance.now() - startedMs;
  clean?.();
  if (code !== 0 || used === undefined) throw new Error(`${name} ended with ${code ?? signal}: ${stderr}`);
  return {
    cpuMs: (used.userCPUTime + used.systemCPUTime) / 1000,
    wallMs,
    memoryMb: used.maxRSS / 1024,
    arrived: await sink.take(),
    said: stdout,
  };
}

/** Who goes first changes from round to round, so that a machine that slows down or speeds up favors nobody. */
export function orderOf(variants, round) {
  const from = (round * 5) % variants.length;
  const turned = [...variants.slice(from), ...variants.slice(0, from)];
  return round % 2 === 0 ? turned : turned.reverse();
}

/** Ratio of a number between two variants, from pairs of the same round: the median, and the extremes. */
export function pairedRatio(rounds, numerator, denominator, number) {
  const top = rounds[numerator];
  const bottom = rounds[denominator];
  if (top === undefined || bottom === undefined) return undefined;
  const ratios = top.map((one, round) => one[number] / bottom[round][number]);
  return { median: median(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
}

/** Median of a number over rounds. */
export function middle(rounds, number) {
  return median(rounds.map((one) => one[number]));
}
