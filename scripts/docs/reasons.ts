/** The table of reasons that a session check gives. */
import { reasonFixes } from '../../src/features/reasons.js';
import { fixFor, reasonTable, type Reason } from '../../src/session/reasons.js';
import { code, table } from './markdown.js';

export const reasonsTable = () => reasonsTableOf(Object.keys(reasonTable) as Reason[]);

export function reasonsTableOf(reasons: readonly Reason[]): Promise<string> {
  const rows = reasons.map((name) => [
    code(name),
    reasonTable[name].meaning,
    fixFor(name, reasonFixes) || 'nothing',
  ]);
  return table(['Reason', 'Meaning', 'What to change'], rows);
}
