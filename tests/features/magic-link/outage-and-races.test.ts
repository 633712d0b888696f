/** Links and codes during an outage of the database, and together with concurrent sign-ins. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  MailVisitor,
  startMailingService,
  type MailingService,
} from '../../support/mailed-link.js';
import { useFaultyDatabase, type FaultyDatabase } from '../../support/use-service.js';

let faulty: FaultyDatabase;
useFaultyDatabase((started) => (faulty = started), 'file');

let service: MailingService;
beforeAll(async () => {
  const { network, testDatabase } = faulty;
  const env = { MAGIC_LINK: 'on', EMAIL_CODE: 'on', DATABASE_URL: network.url };
  service = await startMailingService(env, { testDatabase });
});
afterAll(() => service.stop());

async function newLink() {
  const visitor = new MailVisitor(service);
  await visitor.ask('/api/auth/sign-in/magic-link', { body: { email: visitor.email } });
  const body = { token: await service.tokenFor(visitor.email) };
  return { visitor, path: '/api/auth/magic-link/verify', body };
}

async function newCode() {
  const visitor = new MailVisitor(service);
  const { email } = visitor;
  const path = '/api/auth/email-otp/send-verification-otp';
  await visitor.ask(path, { body: { email, type: 'sign-in' } });
  const [mail] = await service.mailsTo(email);
  const otp = /\b\d{6}\b/.exec(mail?.text ?? '')?.[0];
  return { visitor, path: '/api/auth/sign-in/email-otp', body: { email, otp } };
}

test.each([
  ['link', newLink, 'update "mailed_link"'],
  ['link', newLink, 'insert into "user"'],
  ['link', newLink, 'insert into "session"'],
  ['link', newLink, 'COMMIT'],
  ['code', newCode, 'update "mailed_link"'],
  ['code', newCode, 'insert into "session"'],
])(
  'a %s is refused with 503 and stays valid where the database is lost (%#)',
  async (_what, ask, statement) => {
    const { visitor, path, body } = await ask();
    faulty.network.cutWhenSent(statement);
    const failed = await visitor.ask(path, { body });
    expect([failed.status, failed.json?.code]).toEqual([503, 'DATABASE_UNAVAILABLE']);
    expect(failed.setCookies).toEqual([]);
    await faulty.network.heal();
    const users = 'select 1 from "user" where email = $1';
    expect(await faulty.testDatabase.query(users, [visitor.email])).toEqual([]);
    expect((await visitor.ask(path, { body })).status).toBe(200);
  },
);

test('a request during an outage is refused with 503', async () => {
  const visitor = new MailVisitor(service);
  await faulty.network.goDown();
  const asked = await visitor.ask('/api/auth/sign-in/magic-link', {
    body: { email: visitor.email },
  });
  const body = { email: visitor.email, type: 'sign-in' };
  const code = await visitor.ask('/api/auth/email-otp/send-verification-otp', { body });
  await faulty.network.heal();
  expect([asked.status, code.status]).toEqual([503, 503]);
});

test('no concurrent sign-in with a planted password outlives the proof of the address', async () => {
  const planter = new MailVisitor(service);
  expect((await planter.signUp()).status).toBe(200);
  const { email, password } = planter;
  const owner = new MailVisitor(service);
  await owner.ask('/api/auth/sign-in/magic-link', { body: { email } });
  const token = await service.tokenFor(email);
  const attackers = Array.from({ length: 6 }, () => new MailVisitor(service));
  const signIns = attackers.map((each) =>
    each.ask('/api/auth/sign-in/email', { body: { email, password } }),
  );
  const redeemed = await owner.ask('/api/auth/magic-link/verify', { body: { token } });
  await Promise.all(signIns);
  expect(redeemed.status).toBe(200);
  for (const visitor of [planter, ...attackers]) {
    expect((await visitor.ask('/session')).status).toBe(401);
  }
  expect((await owner.ask('/session')).status).toBe(200);
});
