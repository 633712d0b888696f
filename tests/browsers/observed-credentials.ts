/** What signed a user in, by engine and topology: compared with the record that docs/browsers.md is generated from. */
import { expect } from 'vitest';
import type { Engine } from './engines/engine.js';
import type { Topology } from './system/topology.js';

/** What signs a visitor in after the sign-in page is left. */
export type Credential = 'cookie' | 'bearer token';

/**
 * `npm run check:browsers -- --update` writes the record; `npm run docs` then writes the table.
 * @param results by topology's name, engine's name and setting, with blanks between
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
