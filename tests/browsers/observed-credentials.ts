/** The credential by engine and topology, compared with the file that docs/browsers.md is generated from. */
import { expect } from 'vitest';
import type { Engine } from './engines/engine.js';
import type { Topology } from './system/topology.js';

/** The credential that identifies the visitor after the sign-in page. */
export type Credential = 'cookie' | 'bearer token';

/**
 * `npm run check:browsers -- --update` writes the file; `npm run docs` then writes the table.
 * @param results by topology name, engine name and setting, separated by spaces
 */
export async function expectObservedCredentials(
  topologies: readonly Topology[],
  engines: readonly Engine[],
  results: ReadonlyMap<string, Credential>,
): Promise<void> {
  const observed = engines.map(({ name, setting }) => [
    `${name}, ${setting}`,
    Object.fromEntries(
      topologies.map((topology) => [
        topology.name,
        results.get(`${topology.name} ${name} ${setting}`) ?? '?',
      ]),
    ),
  ]);
  const record = `${JSON.stringify(Object.fromEntries(observed), undefined, 2)}\n`;
  await expect(record).toMatchFileSnapshot('observed-credentials.json');
}
