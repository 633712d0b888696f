/** Maps the test's hosts to this machine in /etc/hosts, which all three engines read. Requires root. */
import { readFile, writeFile } from 'node:fs/promises';

const file = '/etc/hosts';
const mark = '# auth-service browser tests';

/** @returns a function that removes the names */
export async function mapHosts(names: readonly string[]): Promise<() => Promise<void>> {
  const others = withoutOurs(await readFile(file, 'utf8'));
  await writeFile(file, `${others}127.0.0.1 ${[...new Set(names)].join(' ')} ${mark}\n`);
  return async () => writeFile(file, withoutOurs(await readFile(file, 'utf8')));
}

/** Without the line that a killed run may have left. */
function withoutOurs(text: string): string {
  const lines = text.split('\n').filter((line) => line !== '' && !line.endsWith(mark));
  return lines.map((line) => `${line}\n`).join('');
}
