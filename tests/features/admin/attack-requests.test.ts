/**
 * What an operator's browser must not be made to send to the API: requests of other pages, bodies of other types, other
 * methods. Every route of its table, so a new one is tested without a line here. Who is refused is attack-table.test.ts.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiPath, apiRoutes, type ApiRoute } from '../../../src/features/admin/api-routes.js';
import { auditEvent } from '../../support/audit-events.js';
import { adminEnv, newOperator, OperatorBrowser } from '../../support/operators.js';
import { startTestService, type TestService } from '../../support/test-service.js';
import type { Answer, AskOptions } from '../../support/visitor.js';

let service: TestService;
let victim: OperatorBrowser;
let admin: OperatorBrowser;

const routes = Object.values(apiRoutes) as readonly ApiRoute[];

beforeAll(async () => {
  service = await startTestService({ env: { ...adminEnv, ADMIN_IMPERSONATION: 'on' } });
  victim = await new OperatorBrowser(service).become({});
  admin = await newOperator(service);
});
afterAll(() => service.stop());

async function call({ method, path }: ApiRoute, options: AskOptions = {}): Promise<Answer> {
  const url = apiPath + path.replace(':id', await victim.userId());
  const body = method === 'POST' ? {} : undefined;
  return admin.ask(url, {
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

/** What is refused: a title, status, code, and what the request has. */
type Refused = readonly [string, number, string, AskOptions];

const title = (route: ApiRoute) => `${route.method} ${route.path}`;

describe.each(routes.map((route) => [title(route), route] as const))('%s', (_title, route) => {
  const isPost = route.method === 'POST';
  const refusals: readonly Refused[] = [
    ...(isPost
      ? ([
          ['a request without an Origin', 403, 'INVALID_ORIGIN', { origin: null }],
          ['a body of another type', 415, 'UNSUPPORTED_MEDIA_TYPE', form],
          ['a body that is text', 415, 'UNSUPPORTED_MEDIA_TYPE', plainText],
          ['a body that is no JSON', 400, 'INVALID_REQUEST', { body: '{' }],
          ['a body that is a list', 400, 'INVALID_REQUEST', { body: '[]' }],
          ['an unknown field', 400, 'INVALID_FIELD', { body: { role: 'admin' } }],
          ['a large body', 413, 'BODY_TOO_LARGE', { body: 'x'.repeat(110_000) }],
        ] satisfies Refused[])
      : []),
    ['the page of a trusted site', 403, 'INVALID_ORIGIN', trustedSite],
    // Of a browser that sends no Sec-Fetch-Site.
    ['the page of another site', 403, 'INVALID_ORIGIN', { origin: 'https://evil.example' }],
    ['a sandboxed page', 403, 'INVALID_ORIGIN', { origin: 'null' }],
    ['a page of the same site', 403, 'INVALID_ORIGIN', fetchSite('same-site')],
    ['a page of another site without an Origin', 403, 'INVALID_ORIGIN', fromElsewhere],
  ];

  test.each(refusals.map((refused) => [refused[0], refused] as const))(
    'refuses %s',
    async (_what, [, status, code, options]) => {
      const before = await stateOfVictim();
      const answer = await call(route, options);
      expect([answer.status, answer.json?.code]).toEqual([status, code]);
      expect(answer.text).not.toContain(victim.email);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      expect(await stateOfVictim()).toEqual(before);
    },
  );

  test('refuses other methods', async () => {
    const before = await stateOfVictim();
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']) {
      if (method === route.method) continue;
      const { status, headers } = await call({ ...route, method: 'GET' }, { method });
      expect([method, status, headers.get('allow')]).toEqual([method, 405, route.method]);
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
    expect(await stateOfVictim()).toEqual(before);
  });
});

test('a refused request of a user is recorded with the user, the endpoint and the reason', async () => {
  const caller = await new OperatorBrowser(service).become({ aal: 2 });
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
