/** The table of endpoints, from the same description as docs/openapi.json. */
import { code, table } from './markdown.js';
import { describeRoutes } from './openapi/openapi.js';

export async function endpointsTable(): Promise<string> {
  const rows = Object.entries(await describeRoutes()).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { summary }]) => [
      code(`${method.toUpperCase()} ${path}`),
      summary,
    ]),
  );
  return table(['Route', 'Does'], rows);
}
