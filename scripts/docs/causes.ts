/** The table of causes outside the request, and where each one is reported. */
import { causes, type Cause } from '../../tests/support/causes.js';
import { code, table } from './markdown.js';

/** Where a cause is reported, as the page calls it. */
const places = {
  start: 'startup',
  log: 'log',
  doctor: 'doctor',
  page: 'page',
  api: 'API',
} as const satisfies Partial<Record<keyof Cause, string>>;

export function causesTable(): Promise<string> {
  return table(
    ['Cause', 'Reported by'],
    causes.map((cause) => [cause.cause, reporters(cause)]),
  );
}

function reporters(cause: Cause): string {
  const reported = Object.entries(places).flatMap(([place, name]) => {
    const witness = cause[place as keyof typeof places];
    return witness === undefined ? [] : [`${name}: ${[witness[0]].flat().map(code).join(', ')}`];
  });
  return (
    cause.never === undefined
      ? reported
      : [...reported, 'cannot happen: this service and its clients never do it']
  ).join('; ');
}
