/** The credential by browser in one topology, compared with the file that docs/browsers.md is generated from. */
import { expect } from 'vitest';
import { observedFileOf, type Topology } from './system/topology.js';

/** The credential that identifies the visitor after the sign-in page. */
export type Credential = 'cookie' | 'bearer token';

/**
 * `npm run check:browsers -- --update` writes the file; `npm run docs` then writes the table.
 * @param observed by engine and setting
 */
export async function expectObservedCredentials(
  topology: Topology,
  observed: ReadonlyMap<string, Credential>,
): Promise<void> {
  const record = `${JSON.stringify(Object.fromEntries(observed), undefined, 2)}\n`;
  await expect(record).toMatchFileSnapshot(observedFileOf(topology));
}
