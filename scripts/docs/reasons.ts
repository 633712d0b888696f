/** The table of reasons that a session check gives. */
import { reasonTable } from '../../src/session/reasons.js';
import { code, table } from './markdown.js';

export function reasonsTable(): Promise<string> {
  const rows = Object.entries(reasonTable).map(([name, { meaning, fix }]) => [
    code(name),
    meaning,
    fix === '' ? 'nothing' : fix,
  ]);
  return table(['Reason', 'Meaning', 'What to change'], rows);
}
