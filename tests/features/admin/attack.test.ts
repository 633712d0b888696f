/**
 * Who cannot use the API for operators: every route of its table with every caller who must be refused. A new route is
 * tested without a line here.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiPath, apiRoutes, type ApiRoute } from '../../../src/features/admin/api-routes.js';
import { auditEvent } from '../../support/audit-events.js';
import { adminEnv, newOperator, OperatorBrowser } from '../../support/operators.js';
import { startTestService, type TestService } from '../../support/test-service.js';
import type { Answer, AskOptions } from '../../support/visitor.js';

let service: TestService;
let victim: OperatorBrowser;
const callers: Record<string, OperatorBrowser> = {};

const routes = Object.values(apiRoutes) as readonly ApiRoute[];
const stalest = { role: 'admin', aal: 2, provenMinutesAgo: 11 } as const;

beforeAll(async () => {
  service = await startTestService({
    env: { ...adminEnv, BEARER_TOKENS: 'on', ADMIN_IMPERSONATION: 'on' },
  });
  const become = (state: Parameters<OperatorBrowser['become']>[0]) =>
    new OperatorBrowser(service).become(state);
  victim = await become({});
  callers.nobody = new OperatorBrowser(service);
  callers.user = await become({});
  callers.userAtAal2 = await become({ aal: 2 });
  callers.otherRole = await become({ role: 'administrator,admins,editor', aal: 2 });
  callers.adminAtAal1 = await become({ role: 'admin' });
  callers.stale = await become(stalest);
  callers.admin = await newOperator(service);
  callers.impersonating = await newOperator(service);
  await service.database.query(
    `update session set impersonated_by = 'x' where user_id = (select id from "user" where email = $1)`,
    [callers.impersonating.email],
  );
  callers.pending = await newOperator(service);
  await service.database.query(
    `update session set second_factor_due = 'verify' where user_id = (select id from "user" where email = $1)`,
    [callers.pending.email],
  );
});
afterAll(() => service.stop());

async function call(
  caller: string,
  { method, path }: ApiRoute,
  options: AskOptions = {},
): Promise<Answer> {
  const url = apiPath + path.replace(':id', await victim.userId());
  const body = method === 'POST' ? {} : undefined;
  return (callers[caller] as OperatorBrowser).ask(url, {
    method,
    ...(body && { body }),
    ...options,
  });
}

/** Of the victim, all that an action could change. */
async function stateOfVictim(): Promise<unknown> {
  const id = await victim.userId();
  const rows = await Promise.all([
    service.database.query('select * from "user" where id = $1', [id]),
    service.database.query('select * from session where user_id = $1', [id]),
    service.database.query('select * from account where user_id = $1', [id]),
    service.database.query('select * from mailed_link where user_id = $1', [id]),
  ]);
  return rows;
}

const form: AskOptions = {
  body: 'a=b',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
};
const plainText: AskOptions = { body: '{}', headers: { 'content-type': 'text/plain' } };
const trustedSite: AskOptions = { origin: 'http://localhost:3000' };
const fetchSite = (site: string): AskOptions => ({ headers: { 'sec-fetch-site': site } });
const fromElsewhere: AskOptions = { origin: null, ...fetchSite('cross-site') };

/** What is refused: a title, the caller, status, code, and what else the request has. */
type Refused = readonly [string, string, number, string, AskOptions?];

const title = (route: ApiRoute) => `${route.method} ${route.path}`;

describe.each(routes.map((route) => [title(route), route] as const))('%s', (_title, route) => {
  const isPost = route.method === 'POST';
  const refusals: readonly Refused[] = [
    ['nobody', 'nobody', 401, 'NOT_SIGNED_IN'],
    ['a user', 'user', 403, 'ROLE_REQUIRED'],
    ['a user with two factors', 'userAtAal2', 403, 'ROLE_REQUIRED'],
    ['a user with roles of similar names', 'otherRole', 403, 'ROLE_REQUIRED'],
    ['an admin without a second factor', 'adminAtAal1', 401, 'SECOND_FACTOR_REQUIRED'],
    ['an admin whose second factor is due', 'pending', 401, 'NOT_SIGNED_IN'],
    ['an admin who is impersonated', 'impersonating', 403, 'IMPERSONATING'],
    ...(isPost
      ? ([
          ['an admin with an old proof', 'stale', 401, 'SESSION_NOT_FRESH'],
          ['a request without an Origin', 'admin', 403, 'INVALID_ORIGIN', { origin: null }],
          ['a body of another type', 'admin', 415, 'UNSUPPORTED_MEDIA_TYPE', form],
          ['a body that is text', 'admin', 415, 'UNSUPPORTED_MEDIA_TYPE', plainText],
          ['a body that is no JSON', 'admin', 400, 'INVALID_REQUEST', { body: '{' }],
          ['a body that is a list', 'admin', 400, 'INVALID_REQUEST', { body: '[]' }],
          ['an unknown field', 'admin', 400, 'INVALID_FIELD', { body: { role: 'admin' } }],
          ['a large body', 'admin', 413, 'BODY_TOO_LARGE', { body: 'x'.repeat(110_000) }],
        ] satisfies Refused[])
      : []),
    ['the page of a trusted site', 'admin', 403, 'INVALID_ORIGIN', trustedSite],
    [
      'the page of another site',
      'admin',
      403,
      'INVALID_ORIGIN',
      { origin: 'https://evil.example' },
    ],
    ['a sandboxed page', 'admin', 403, 'INVALID_ORIGIN', { origin: 'null' }],
    ['a page of the same site', 'admin', 403, 'INVALID_ORIGIN', fetchSite('same-site')],
    ['a page of another site without an Origin', 'admin', 403, 'INVALID_ORIGIN', fromElsewhere],
  ];

  test.each(refusals.map((refused) => [refused[0], refused] as const))(
    'refuses %s',
    async (_who, [, caller, status, code, options]) => {
      const before = await stateOfVictim();
      const answer = await call(caller, route, options);
      expect([answer.status, answer.json?.code]).toEqual([status, code]);
      expect(answer.text).not.toContain(victim.email);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      expect(await stateOfVictim()).toEqual(before);
    },
  );

  test('refuses a bearer token', async () => {
    const authorization = `Bearer ${decodeURIComponent((callers.admin as OperatorBrowser).sessionCookie)}`;
    const { status, json } = await call('nobody', route, { headers: { authorization } });
    expect([status, json?.code]).toEqual([401, 'NOT_SIGNED_IN']);
  });

  test('refuses other methods', async () => {
    const before = await stateOfVictim();
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']) {
      if (method === route.method) continue;
      const { status, headers } = await call('admin', { ...route, method: 'GET' }, { method });
      expect([method, status, headers.get('allow')]).toEqual([method, 405, route.method]);
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
    expect(await stateOfVictim()).toEqual(before);
  });

  test('a missing second factor and an old proof have the challenge of RFC 9470', async () => {
    const weak = await call('adminAtAal1', route);
    expect(weak.headers.get('www-authenticate')).toContain('acr_values="aal2"');
    if (!isPost) return;
    const stale = await call('stale', route);
    expect(stale.headers.get('www-authenticate')).toContain('max_age="600"');
  });
});

test('a refused request of a user is recorded with the user, the endpoint and the reason', async () => {
  const caller = callers.userAtAal2 as OperatorBrowser;
  const { headers } = await caller.admin('/users');
  const id = headers.get('x-request-id');
  const userId = await caller.userId();
  const event = await auditEvent(
    service,
    (one) => one.user_id === userId && one.reason === 'role_required',
  );
  expect(id).not.toBeNull();
  expect(event).toMatchObject({ kind: 'request', outcome: 'refused' });
  expect(String(event.details?.endpoint)).toMatch(/^\/api\/admin\//);
});

test('without ADMIN=on no route exists', async () => {
  const plain = await startTestService({ env: { SECOND_FACTOR: 'optional' } });
  try {
    const operator = await newOperator(plain);
    for (const { method, path } of routes) {
      const url = apiPath + path.replace(':id', 'x');
      const answer = await operator.ask(url, { method, ...(method === 'POST' && { body: {} }) });
      expect(answer.status).toBe(404);
    }
  } finally {
    await plain.stop();
  }
});
