import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const MODULE = new URL('../../dist/cli/young-generation.js', import.meta.url);
const MIB = 1024 * 1024;

/** Capacity of the young generation, bytes, of a process after a first few megabytes have survived its collections. */
function capacityAfter(first: string): number {
  const script = `
    import { getHeapSpaceStatistics } from 'node:v8';
    ${first}
    const kept = [];
    for (let i = 0; i < 30_000; i += 1) kept.push(new Array(20).fill(i));
    const { space_size: size } = getHeapSpaceStatistics().find((space) => space.space_name === 'new_space');
    console.log(kept.length > 0 ? size : 0);
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
    env: {},
  });
  // An unknown setting would be complained of here.
  expect(stderr).toBe('');
  return Number(stdout);
}

test('the young generation has its full size once it has grown', () => {
  const usual = capacityAfter('');
  const grown = capacityAfter(
    `import { growYoungGenerationAtOnce } from ${JSON.stringify(MODULE.href)}; growYoungGenerationAtOnce();`,
  );
  expect(grown).toBeGreaterThanOrEqual(16 * MIB);
  expect(grown).toBeGreaterThan(usual);
});
