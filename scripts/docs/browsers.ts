/** The table of browsers and topologies, from the last run of `npm run check:browsers -- --update`. */
import { readFile } from 'node:fs/promises';
import { table } from './markdown.js';

/** Browser → topology → the credential that signs a user in. Written by `npm run check:browsers -- --update`. */
type ObservedCredentials = Record<string, Record<string, string>>;

const observed = new URL('../../tests/browsers/observed-credentials.json', import.meta.url);

export async function browsersTable(): Promise<string> {
  const browsers = JSON.parse(await readFile(observed, 'utf8')) as ObservedCredentials;
  const [first = {}] = Object.values(browsers);
  const topologies = Object.keys(first);
  const rows = Object.entries(browsers).map(([browser, seen]) => [
    browser,
    ...topologies.map((topology) => seen[topology]),
  ]);
  return table(['Browser', ...topologies], rows);
}
