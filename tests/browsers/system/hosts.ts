/** Maps the test's hosts to this machine in /etc/hosts, which all three engines read. Requires root. */
import { readFile, writeFile } from 'node:fs/promises';
import { topologies } from './topology.js';

const file = '/etc/hosts';
const mark = '# auth-service browser tests';

/** Once for a run, because its files run at the same time. @returns a function that removes the names */
export default async function mapHosts(): Promise<() => Promise<void>> {
  const names = new Set(topologies.flatMap(({ hosts }) => Object.values(hosts)));
  const others = withoutOurs(await readFile(file, 'utf8'));
  await writeFile(file, `${others}127.0.0.1 ${[...names].join(' ')} ${mark}\n`);
  return async () => writeFile(file, withoutOurs(await readFile(file, 'utf8')));
}

/** Without the line that a killed run may have left. */
function withoutOurs(text: string): string {
  const lines = text.split('\n').filter((line) => line !== '' && !line.endsWith(mark));
  return lines.map((line) => `${line}\n`).join('');
}
