import { rmSync } from 'node:fs';

import { expect, it } from 'vitest';

import { startSimulator } from '../../src/simulator/index.js';
import { csv, folderWith, GOOD, NOW, resultText, run } from './support.js';

it('an API address that is refused begins no run, so that nothing is in the way of the corrected one', async () => {
  const { at } = folderWith({ 'rows.csv': csv(GOOD) });
  const env = { SNAPCAPI_STATE_DIR: at('state') };
  const exportTo = (url: string) =>
    run(['export', at('rows.csv'), '--result', resultText({ api_base_url: url }), '--as-of', NOW], { env });
  expect((await exportTo('https://gateway.example.test')).stderr).toContain('error[endpoint_not_allowed]');
  expect((await run(['runs', 'list', '--json'], { env })).stdout).toBe('[]\n');
  const simulator = await startSimulator({ clock: () => Date.parse(NOW) });
  try {
    expect(await exportTo(simulator.url)).toMatchObject({ code: 0 });
  } finally {
    await simulator.close();
    rmSync(at('.'), { recursive: true, force: true });
  }
});
