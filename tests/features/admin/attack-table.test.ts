/** Every route for operators, of the API and the console, with every caller of the table; and other ways to name a route. */
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newOperator, adminEnv, OperatorBrowser } from '../../support/operators.js';
import { startTestService, type TestService } from '../../support/test-service.js';
import type { Answer, AskOptions } from '../../support/visitor.js';
import {
  attackedRoutes,
  attackerNames,
  challenges,
  expectedCode,
  expectedStatus,
  type AttackedRoute,
  type Attacker,
} from './attack-table.js';

let service: TestService;
let victim: OperatorBrowser;
let victimId: string;
let admin: OperatorBrowser;
const callers: Partial<Record<Attacker, OperatorBrowser>> = {};

beforeAll(async () => {
  service = await startTestService({
    env: { ...adminEnv, BEARER_TOKENS: 'on', ADMIN_IMPERSONATION: 'on' },
  });
  const become = (state: Parameters<OperatorBrowser['become']>[0]) =>
    new OperatorBrowser(service).become(state);
  victim = await become({});
  victimId = await victim.userId();
  admin = await newOperator(service);
  const acting = await newOperator(service);
  await acting.act(victimId, 'impersonate', { reason: 'a test' });
  const pending = await newOperator(service);
  await service.database.query(
    `update session set second_factor_due = 'verify' where user_id = $1`,
    [await pending.userId()],
  );
  const locked = await newOperator(service);
  expect((await admin.act(await locked.userId(), 'lock')).status).toBe(200);
  Object.assign(callers, {
    nobody: new OperatorBrowser(service),
    'a user': await become({}),
    'a user at level 2': await become({ aal: 2 }),
    'a user with roles of similar names': await become({
      role: 'administrator,admins,editor',
      aal: 2,
    }),
    'an admin whose second factor is due': pending,
    'an admin at level 1': await become({ role: 'admin' }),
    'an admin with an old proof': await become({ role: 'admin', aal: 2, provenMinutesAgo: 11 }),
    'an admin who acts as a user': acting,
    'a locked admin': locked,
  });
});
afterAll(() => service.stop());

const foreign: AskOptions = {
  origin: 'https://evil.example',
  headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' },
};

function callAs(attacker: Attacker, route: AttackedRoute, id = victimId): Promise<Answer> {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const body = route.isPage ? { body: '', headers: form } : { body: {} };
  const base: AskOptions = { method: route.method, ...(route.method === 'POST' && body) };
  const path = route.path.replace(':id', id);
  if (attacker === 'the page of another site') {
    return admin.ask(path, {
      ...base,
      ...foreign,
      headers: { ...foreign.headers, ...base.headers },
    });
  }
  if (attacker === 'an admin, by bearer token') {
    const authorization = `Bearer ${decodeURIComponent(admin.sessionCookie)}`;
    const nobody = callers.nobody as OperatorBrowser;
    return nobody.ask(path, { ...base, headers: { ...base.headers, authorization } });
  }
  return (callers[attacker] as OperatorBrowser).ask(path, base);
}

async function stateOfVictim(): Promise<unknown> {
  const tables = [
    '"user" where id',
    'session where user_id',
    'account where user_id',
    'mailed_link where user_id',
  ];
  return Promise.all(
    tables.map((table) => service.database.query(`select * from ${table} = $1`, [victimId])),
  );
}

describe.each(attackedRoutes.map((route) => [`${route.method} ${route.path}`, route] as const))(
  '%s',
  (_title, route) => {
    test.each(attackerNames)('%s', async (attacker) => {
      const status = expectedStatus(route, attacker);
      const before = await stateOfVictim();
      const answer = await callAs(attacker, route);
      expect(await stateOfVictim()).toEqual(before);
      if (status === 0) {
        expect([401, 403]).not.toContain(answer.status);
        return;
      }
      expect(answer.status).toBe(status);
      if (!route.isPage) {
        expect(answer.json?.code).toBe(expectedCode(attacker));
        const challenge = challenges[attacker];
        const header = answer.headers.get('www-authenticate');
        if (challenge !== undefined) expect(header).toContain(challenge);
      }
      // An operator sees whom they act as, and on whom they are about to act.
      const isShown = ['an admin who acts as a user', 'an admin with an old proof'];
      if (!route.isPage || !isShown.includes(attacker))
        expect(answer.text).not.toContain(victim.email);
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      if (route.isPage && route.method === 'GET' && attacker !== 'the page of another site') {
        expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      }
    });

    test('an operator gets in: the table is not one of routes that nobody can use', async () => {
      const form = { body: '', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
      const body = route.isPage ? form : { body: {} };
      const answer = await admin.ask(route.path.replace(':id', 'none'), {
        method: route.method,
        ...(route.method === 'POST' && body),
      });
      expect([401, 403, 405]).not.toContain(answer.status);
    });
  },
);

/** Sends the path as it is: fetch would normalize it. */
async function raw(method: string, path: string, headers: Record<string, string>): Promise<string> {
  const { port } = new URL(service.url);
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      let text = `${response.statusCode ?? 0} `;
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => {
        resolve(text);
      });
    });
    call.on('error', reject);
    call.end();
  });
}

const disguises: readonly ((path: string) => string)[] = [
  (path) => path,
  (path) => `/${path}`,
  (path) => path.replace('/users', '//users'),
  (path) => `${path}/`,
  (path) => path.toUpperCase(),
  (path) => path.replace('admin', '%61dmin').replace('console', '%63onsole'),
  (path) => path.replace('/users', '%2fusers'),
  (path) => `/health/..${path}`,
  (path) => `/api/auth/..%2f..${path}`,
  (path) => `${path};jsessionid=1`,
  (path) => `${path}.json`,
  (path) => `${path}?role=admin&_method=GET`,
  (path) => `http://localhost:3001${path}`,
];
const tricks: readonly Record<string, string>[] = [
  {},
  { 'x-http-method-override': 'POST', 'x-method-override': 'POST', 'x-http-method': 'POST' },
  {
    'x-original-url': '/api/admin/users',
    'x-rewrite-url': '/console',
    'x-forwarded-prefix': '/api/admin',
  },
];

test.each(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE', 'PROPFIND'])(
  '%s under other spellings, and with headers that name another route, opens nothing to a user',
  async (method) => {
    const before = await stateOfVictim();
    const { cookieHeader: cookie } = callers['a user at level 2'] as OperatorBrowser;
    const origin = 'http://localhost:3001';
    for (const path of [
      '/api/admin/users',
      `/api/admin/users/${victimId}/lock`,
      `/console/users/${victimId}`,
      '/console',
    ]) {
      for (const disguise of disguises) {
        for (const trick of tricks) {
          const answer = await raw(method, disguise(path), { cookie, origin, ...trick });
          expect([disguise(path), answer.slice(0, 3)]).toEqual([
            disguise(path),
            // 204 is the preflight of the service's own origin, which says nothing of a route.
            expect.stringMatching(method === 'OPTIONS' ? /^(204|4\d\d)/ : /^4\d\d/),
          ]);
          expect(answer).not.toContain(victim.email);
        }
      }
    }
    expect(await stateOfVictim()).toEqual(before);
  },
);
