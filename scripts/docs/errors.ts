/** The table of error codes. */
import { errorTable, type ErrorEntry } from '../../src/errors.js';
import { featureErrors } from '../../src/features/reasons.js';
import { code, table } from './markdown.js';

export function errorsTable(): Promise<string> {
  const rows = Object.entries<ErrorEntry>({ ...errorTable, ...featureErrors }).map(
    ([name, { status, message }]) => [code(name), String(status), message],
  );
  return table(['Code', 'Status', 'Message'], rows);
}
