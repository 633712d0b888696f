/** The table of error codes. */
import { errorTable } from '../../src/errors.js';
import { code, table } from './markdown.js';

export function errorsTable(): Promise<string> {
  const rows = Object.entries(errorTable).map(([name, { status, message }]) => [
    code(name),
    String(status),
    message,
  ]);
  return table(['Code', 'Status', 'Message'], rows);
}
