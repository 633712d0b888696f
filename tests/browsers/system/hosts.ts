/** The test's hosts, mapped to this machine in /etc/hosts: the one place that all three engines read. Wants root. */
import { readFile, writeFile } from 'node:fs/promises';

const file = '/etc/hosts';
const mark = '# auth-service browser tests';

/** @returns takes the names out again */
export async function mapHosts(names: readonly string[]): Promise<() => Promise<void>> {
  const others = withoutOurs(await readFile(file, 'utf8'));
  await writeFile(file, `${others}127.0.0.1 ${[...new Set(names)].join(' ')} ${mark}\n`);
  return async () => writeFile(file, withoutOurs(await readFile(file, 'utf8')));
}

/** A run that was killed left its line behind. */
function withoutOurs(text: string): string {
  const lines = text.split('\n').filter((line) => line !== '' && !line.endsWith(mark));
  return lines.map((line) => `${line}\n`).join('');
}
