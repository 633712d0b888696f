/** The table of reasons that a session check gives. */
import { reasonFixes } from '../../src/features/reasons.js';
import { fixFor, reasonTable, type Reason } from '../../src/session/reasons.js';
import { code, table } from './markdown.js';

export function reasonsTable(): Promise<string> {
  const rows = Object.entries(reasonTable).map(([name, { meaning }]) => [
    code(name),
    meaning,
    fixFor(name as Reason, reasonFixes) || 'nothing',
  ]);
  return table(['Reason', 'Meaning', 'What to change'], rows);
}
