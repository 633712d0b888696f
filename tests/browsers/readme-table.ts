/** The README's table of engines and topologies. `UPDATE_DOCS=1` writes it from what the run saw. */
import { readFile, writeFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { replaceBetween, table } from '../support/documentation.js';
import type { Engine } from './engines/engine.js';
import type { Topology } from './system/topology.js';

/** What signs a visitor in after the sign-in page is left. */
export type Credential = 'cookie' | 'bearer token';

const readme = new URL('../../README.md', import.meta.url);

/** @param results by topology's name, engine's name and setting, with blanks between */
export async function expectTable(
  topologies: readonly Topology[],
  engines: readonly Engine[],
  results: ReadonlyMap<string, Credential>,
): Promise<void> {
  const written = await readFile(readme, 'utf8');
  const rows = engines.map(({ name, setting }) => [
    `${name}, ${setting}`,
    ...topologies.map((topology) => results.get(`${topology.name} ${name} ${setting}`) ?? '?'),
  ]);
  const content = await table(['Browser', ...topologies.map(({ name }) => name)], rows);
  const seen = replaceBetween(written, 'browsers', content);
  if (process.env.UPDATE_DOCS === '1') await writeFile(readme, seen);
  else expect(written).toBe(seen);
}
