/** The table of what the audit trail records. */
import { auditKinds } from '../../src/audit-kinds.js';
import { code, table } from './markdown.js';

export function auditKindsTable(): Promise<string> {
  const rows = Object.entries(auditKinds).map(([kind, meaning]) => [code(kind), meaning]);
  return table(['Kind', 'What happened'], rows);
}
