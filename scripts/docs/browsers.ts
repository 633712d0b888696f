/** The table of browsers and topologies, from the last run of `npm run check:browsers -- --update`. */
import { readFile } from 'node:fs/promises';
import { observedFileOf, topologies, type Topology } from '../../tests/browsers/system/topology.js';
import { table } from './markdown.js';

/** Browser → the credential that signs a user in. Written by `npm run check:browsers -- --update`. */
type ObservedCredentials = Readonly<Record<string, string>>;

export async function browsersTable(): Promise<string> {
  const columns = await Promise.all(topologies.map(observedIn));
  const browsers = Object.keys(columns[0] ?? {});
  const rows = browsers.map((browser) => [browser, ...columns.map((seen) => seen[browser])]);
  return table(['Browser', ...topologies.map(({ name }) => name)], rows);
}

async function observedIn(topology: Topology): Promise<ObservedCredentials> {
  const file = new URL(`../../tests/browsers/${observedFileOf(topology)}`, import.meta.url);
  return JSON.parse(await readFile(file, 'utf8')) as ObservedCredentials;
}
