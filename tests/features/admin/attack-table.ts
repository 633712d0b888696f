/**
 * Who gets what of the routes for operators: every route with every caller. attack-table.test.ts tries each, and
 * `npm run docs` writes the table in docs/features/admin.md from it.
 */
import {
  apiPath,
  apiRoutes,
  consolePages,
  consolePath,
  type ApiRoute,
} from '../../../src/features/admin/api-routes.js';

export interface AttackedRoute {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly isPage: boolean;
}

const api: readonly ApiRoute[] = Object.values(apiRoutes);

/** Those of the API, the pages of the console, and its forms. */
export const attackedRoutes: readonly AttackedRoute[] = [
  ...api.map(({ method, path }) => ({ method, path: apiPath + path, isPage: false })),
  ...Object.values(consolePages).map((path): AttackedRoute => ({
    method: 'GET',
    path: consolePath + path,
    isPage: true,
  })),
  ...api
    .filter(({ method }) => method === 'POST')
    .map(({ path }): AttackedRoute => ({ method: 'POST', path: consolePath + path, isPage: true })),
];

/** Caller → the status of a GET, and of a POST, and the code of the API. 0 stands for what an operator gets. */
const attackers = {
  nobody: [401, 401, 'NOT_SIGNED_IN'],
  'a user': [403, 403, 'ROLE_REQUIRED'],
  'a user at level 2': [403, 403, 'ROLE_REQUIRED'],
  'a user with roles of similar names': [403, 403, 'ROLE_REQUIRED'],
  'an admin at level 1': [401, 401, 'SECOND_FACTOR_REQUIRED'],
  'an admin whose second factor is due': [401, 401, 'NOT_SIGNED_IN'],
  'an admin with an old proof': [0, 401, 'SESSION_NOT_FRESH'],
  'an admin who acts as a user': [403, 403, 'IMPERSONATING'],
  'a locked admin': [401, 401, 'NOT_SIGNED_IN'],
  'an admin, by bearer token': [401, 401, 'NOT_SIGNED_IN'],
  'the page of another site': [403, 403, 'INVALID_ORIGIN'],
} as const satisfies Readonly<Record<string, readonly [number, number, string]>>;

export type Attacker = keyof typeof attackers;

export const attackerNames = Object.keys(attackers) as readonly Attacker[];

export function expectedStatus({ method }: AttackedRoute, attacker: Attacker): number {
  return attackers[attacker][method === 'GET' ? 0 : 1];
}

/** Of the API, whose responses have one. */
export function expectedCode(attacker: Attacker): string {
  return attackers[attacker][2];
}

/** Of RFC 9470: what the API asks for in `WWW-Authenticate`, and nothing for the others. */
export const challenges: Readonly<Partial<Record<Attacker, string>>> = {
  'an admin at level 1': 'acr_values="aal2"',
  'an admin with an old proof': 'max_age="600"',
};
