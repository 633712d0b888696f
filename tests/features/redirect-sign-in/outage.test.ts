/** Redirects during an outage of the database: nothing is used up, and no response says signed out. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import {
  newVerifier,
  RedirectVisitor,
  startRedirectService,
  type RedirectService,
} from '../../support/redirect-visitor.js';
import { useFaultyDatabase, type FaultyDatabase } from '../../support/use-service.js';

let faulty: FaultyDatabase;
useFaultyDatabase((started) => (faulty = started), 'file');

let service: RedirectService;
beforeAll(async () => {
  const { network, testDatabase } = faulty;
  service = await startRedirectService({ DATABASE_URL: network.url }, { testDatabase });
});
afterAll(() => service.stop());

const { verifier, challenge } = newVerifier();

test.each([
  'update "redirect_flow"',
  'insert into "user"',
  'insert into "account"',
  'insert into "session"',
  'COMMIT',
])(
  'a redeem is refused with 503 and can be repeated where the database is lost: %s',
  async (statement) => {
    const visitor = new RedirectVisitor(service);
    const { code } = await visitor.walk(challenge);
    faulty.network.cutWhenSent(statement);
    const failed = await visitor.redeem(code, verifier);
    expect([failed.status, failed.json?.code]).toEqual([503, 'DATABASE_UNAVAILABLE']);
    expect(failed.setCookies).toEqual([]);
    await faulty.network.heal();
    const users = 'select 1 from "user" where email = $1';
    expect(await faulty.testDatabase.query(users, [visitor.email])).toEqual([]);
    expect((await visitor.redeem(code, verifier)).status).toBe(200);
  },
);

test('a callback during an outage is service_unavailable on the page, with the cause in the log', async () => {
  const visitor = new RedirectVisitor(service);
  faulty.network.cutWhenSent('insert into "redirect_flow"');
  const arrival = await visitor.walk(challenge);
  await faulty.network.heal();
  expect(arrival).toMatchObject({ error: 'service_unavailable', code: undefined });
  const line = await service.logLine(
    ({ requestId, msg }) => requestId === arrival.requestId && msg === 'request',
  );
  expect(line).toMatchObject({ reason: 'service_unavailable', variable: 'DATABASE_URL' });
});

test('an unexpected fault is internal_error on the page', async () => {
  const visitor = new RedirectVisitor(service);
  const parse = vi.spyOn(service.orm, 'insert').mockImplementation(() => {
    throw new TypeError('a bug');
  });
  const arrival = await visitor.walk(challenge);
  parse.mockRestore();
  expect(arrival).toMatchObject({ error: 'internal_error' });
});

test('a stock client’s redirect ends on its error page during an outage, and can be repeated', async () => {
  const visitor = new RedirectVisitor(service);
  const { json } = await visitor.ask('/api/auth/sign-in/social', {
    body: { provider: 'test', callbackURL: '/account', errorCallbackURL: '/sorry' },
  });
  const callback = service.provider.walk(String(json?.url), { email: visitor.email });
  const finish = (await visitor.visit(callback)).headers.get('location') ?? '';
  faulty.network.cutWhenSent('insert into "session"');
  const failed = await visitor.visit(finish);
  await faulty.network.heal();
  expect([failed.status, failed.headers.get('location')]).toEqual([
    302,
    'http://localhost:3000/sorry?error=service_unavailable',
  ]);
  expect(failed.setCookies).toEqual([]);
  expect((await visitor.visit(finish)).headers.get('location')).toBe(
    'http://localhost:3000/account',
  );
});
