/** The table of error codes. */
import { errorTable, type ErrorEntry } from '../../src/errors.js';
import { featureErrors } from '../../src/features/reasons.js';
import { code, table } from './markdown.js';

export const errorsTable = () => errorsTableOf({ ...errorTable, ...featureErrors });

export function errorsTableOf(errors: Readonly<Record<string, ErrorEntry>>): Promise<string> {
  const rows = Object.entries(errors).map(([name, { status, message }]) => [
    code(name),
    String(status),
    message,
  ]);
  return table(['Code', 'Status', 'Message'], rows);
}
