/** The table of docs/features/admin.md: every route for operators, and what each caller of the attack tests gets. */
import {
  attackedRoutes,
  attackerNames,
  expectedStatus,
} from '../../tests/features/admin/attack-table.js';
import { code, table } from './markdown.js';

export function adminAttacksTable(): Promise<string> {
  return table(
    ['Route', ...attackerNames],
    attackedRoutes.map((route) => [
      code(`${route.method} ${route.path}`),
      ...attackerNames.map((attacker) => {
        const status = expectedStatus(route, attacker);
        return status === 0 ? 'allowed' : String(status);
      }),
    ]),
  );
}
