/** The table of browsers and topologies, from the last run of `npm run check:browsers -- --update`. */
import { readFile } from 'node:fs/promises';
import { topologies } from '../../tests/browsers/system/topology.js';
import { table } from './markdown.js';

/** Browser → the credential that signs a user in. Written by `npm run check:browsers -- --update`. */
type ObservedCredentials = Readonly<Record<string, string>>;

const names = topologies.map(({ name }) => name);

export async function browsersTable(): Promise<string> {
  const columns = await Promise.all(names.map(observedIn));
  const browsers = Object.keys(columns[0] ?? {});
  const rows = browsers.map((browser) => [browser, ...columns.map((seen) => seen[browser])]);
  return table(['Browser', ...names], rows);
}

async function observedIn(topology: string): Promise<ObservedCredentials> {
  const file = `../../tests/browsers/observed-credentials/${topology.replaceAll(/\W+/g, '-')}.json`;
  return JSON.parse(await readFile(new URL(file, import.meta.url), 'utf8')) as ObservedCredentials;
}
