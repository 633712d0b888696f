/** Hostile input in every field and query of the API and the console: no 500, nothing is polluted, nothing is echoed as HTML. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiRoutes, type ApiRoute } from '../../../src/features/admin/api-routes.js';
import { openApi } from '../../../src/features/admin/openapi.js';
import { adminEnv, newOperator, OperatorBrowser } from '../../support/operators.js';
import { startTestService, type TestService } from '../../support/test-service.js';

let service: TestService;
let operator: OperatorBrowser;
let id: string;
beforeAll(async () => {
  service = await startTestService({ env: { ...adminEnv, ADMIN_IMPERSONATION: 'on' } });
  operator = await newOperator(service);
  id = await (await new OperatorBrowser(service).become({})).userId();
});
afterAll(() => service.stop());

const script = '<script>alert(1)</script>';
/** In a query: shorter than what a server takes as a request line. */
const texts: readonly string[] = [
  '',
  ' ',
  script,
  `"><img src=x onerror=alert(1)>`,
  `' or 1=1 --`,
  '%00',
  '\u0000',
  '\ud800',
  '\u202e\u2028',
  '../../etc/passwd',
  '//evil.example',
  'javascript:alert(1)',
  '{"$ne":null}',
  '-1',
  '1e999',
  'NaN',
  'x'.repeat(8_000),
];
const values: readonly unknown[] = [
  ...texts,
  'x'.repeat(90_000),
  null,
  true,
  -1,
  1e308,
  [],
  ['x'],
  {},
  { toString: 'x' },
  { $ne: null },
];
const bodies: readonly string[] = [
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"toString":1,"hasOwnProperty":1}',
  'null',
  'true',
  '1',
  '"text"',
  '[{}]',
  '{}{}',
  '{"a":1,}',
  '\ufeff{}',
  `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  `{"a":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`,
  '\u0000',
];

/** Of the documentation, so that no field is forgotten. */
function fieldsOf({ method, path }: ApiRoute): string[] {
  const route =
    openApi.routes?.[`/api/admin${path.replace(':id', '{id}')}`]?.[
      method === 'GET' ? 'get' : 'post'
    ];
  const { parameters = [], requestBody } = route as unknown as {
    parameters?: { name: string; in: string }[];
    requestBody?: { content: Record<string, { schema: { properties: object } }> };
  };
  const body = requestBody?.content['application/json']?.schema.properties ?? {};
  return [
    ...parameters.filter((one) => one.in === 'query').map(({ name }) => name),
    ...Object.keys(body),
    'unknown',
  ];
}

const routes = Object.values(apiRoutes).map((route: ApiRoute) => [
  `${route.method} ${route.path}`,
  route,
]) as readonly (readonly [string, ApiRoute])[];

function expectSound(status: number, text: string): void {
  expect(status).toBeLessThan(500);
  expect(text).not.toContain(script);
  expect(text).not.toContain('<img src=x');
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
}

describe.each(routes)('%s', (_title, route) => {
  // Not of the user of the other tests: some of it is done.
  const path = `/api/admin${route.path}`;

  test(
    'takes hostile values in every field without a fault of the service',
    { timeout: 60_000 },
    async () => {
      const ownId = await (await new OperatorBrowser(service).become({})).userId();
      const url = path.replace(':id', ownId);
      for (const field of fieldsOf(route)) {
        for (const value of route.method === 'GET' ? texts : values) {
          const answer =
            route.method === 'GET'
              ? await operator.ask(
                  `${url}?${new URLSearchParams({ [field]: String(value) }).toString()}`,
                )
              : await operator.ask(url, { body: { [field]: value } });
          if (route.path.endsWith('/impersonate') && answer.status === 200)
            await operator.admin('/stop-impersonating', { body: {} });
          expect(answer.status).toBeLessThan(500);
          expect(answer.headers.get('content-type')).toContain('application/json');
          // A 400 names the field, and never repeats the value.
          if (answer.status === 400) expect(answer.text.length).toBeLessThan(400);
        }
      }
    },
  );

  test('takes odd JSON and other ids', async () => {
    for (const odd of [
      '..%2f..',
      '%00',
      '%ff',
      '__proto__',
      'constructor',
      'x'.repeat(5_000),
      '%3Cscript%3E',
    ]) {
      const answer = await operator.ask(path.replace(':id', odd), {
        method: route.method,
        ...(route.method === 'POST' && { body: {} }),
      });
      expectSound(answer.status, answer.text);
    }
    if (route.method === 'GET') return;
    for (const body of bodies) {
      const answer = await operator.ask(path.replace(':id', 'none'), { body });
      expect([body.slice(0, 40), answer.status]).toEqual([
        body.slice(0, 40),
        expect.toBeOneOf([400, 404, 413]),
      ]);
      expectSound(answer.status, answer.text);
    }
  });
});

describe('the console', () => {
  test.each(['q', 'after', 'range', 'done', 'next', 'sessionsEnded'])(
    'takes hostile text in %s, and leads nowhere else',
    { timeout: 60_000 },
    async (field) => {
      for (const text of texts) {
        const query = new URLSearchParams({ q: 'visitor', [field]: text }).toString();
        for (const path of ['/console', '/console/checks', `/console/users/${id}`]) {
          const answer = await operator.ask(`${path}?${query}`, {
            headers: { 'sec-fetch-site': 'same-origin' },
          });
          expectSound(answer.status, answer.text);
          expect(answer.headers.get('location')).toBeNull();
          expect(answer.text).not.toMatch(/href="(?!\/console)/);
        }
      }
    },
  );

  test('takes hostile text in its forms, and leads back to its own pages only', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const action of ['sign-out', 'impersonate', 'set-password', 'lift-limits']) {
      for (const text of [...texts, 'x'.repeat(90_000)]) {
        const fields = { reason: text, password: text, sessionId: text, next: '//evil.example' };
        for (const name of Object.keys(fields)) {
          const body = new URLSearchParams({ [name]: text }).toString();
          const answer = await operator.ask(`/console/users/none/${action}`, {
            body,
            headers: form,
          });
          expectSound(answer.status, answer.text);
          const location = answer.headers.get('location') ?? '/console';
          expect(location).toMatch(/^\/console/);
        }
      }
    }
    const twice = 'reason=one&reason=two&__proto__[polluted]=1&__proto__=1&constructor=1';
    const answer = await operator.ask(`/console/users/${id}/impersonate`, {
      body: twice,
      headers: form,
    });
    expect(answer.status).toBe(400);
    expectSound(answer.status, answer.text);
  });

  test('cannot be framed, and gives no other site its address', async () => {
    const { headers } = await operator.ask('/console');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    // `no-referrer` would make browsers send its forms with `Origin: null`.
    expect(headers.get('referrer-policy')).toBe('same-origin');
  });
});
