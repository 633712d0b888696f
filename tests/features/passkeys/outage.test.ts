/** Passkeys during an outage of the database: 503, and neither the challenge nor the response is used up. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { SoftwareAuthenticator } from '../../support/software-authenticator.js';
import { startTestService, type TestService } from '../../support/test-service.js';
import { useFaultyDatabase, type FaultyDatabase } from '../../support/use-service.js';
import { Visitor } from '../../support/visitor.js';
import { enrol, enrolOptions, paths, signInOptions } from './ceremony.js';

let faulty: FaultyDatabase;
useFaultyDatabase((started) => (faulty = started), 'file');

let service: TestService;
let visitor: Visitor;
beforeAll(async () => {
  const { network, testDatabase } = faulty;
  service = await startTestService({
    env: { PASSKEYS: 'on', DATABASE_URL: network.url },
    testDatabase,
  });
});
afterAll(() => service.stop());
beforeEach(async () => {
  visitor = new Visitor(service);
  expect((await visitor.signUp()).status).toBe(200);
});

test.each([
  'from "passkey" inner join',
  'insert into "passkey_challenge"',
  'update "passkey"',
  'insert into "session"',
  'COMMIT',
])('a sign-in whose database is lost at %s can be repeated', async (statement) => {
  const authenticator = new SoftwareAuthenticator();
  await enrol(visitor, authenticator);
  const browser = new Visitor(service);
  const response = authenticator.get(await signInOptions(browser));
  faulty.network.cutWhenSent(statement);
  const failed = await browser.ask(paths.signIn, { body: { response } });
  expect([failed.status, failed.json?.code]).toEqual([503, 'DATABASE_UNAVAILABLE']);
  expect(failed.setCookies).toEqual([]);
  await faulty.network.heal();
  const answer = await browser.ask(paths.signIn, { body: { response } });
  expect(answer.status, answer.text).toBe(200);
});

test.each(['insert into "passkey" ', 'update "session"', 'COMMIT'])(
  'adding a passkey whose database is lost at %s can be repeated',
  async (statement) => {
    const response = new SoftwareAuthenticator().create(await enrolOptions(visitor));
    faulty.network.cutWhenSent(statement);
    const failed = await visitor.ask(paths.enrol, { body: { response } });
    expect([failed.status, failed.json?.code]).toEqual([503, 'DATABASE_UNAVAILABLE']);
    await faulty.network.heal();
    expect((await visitor.ask(paths.list)).json).toEqual([]);
    const answer = await visitor.ask(paths.enrol, { body: { response } });
    expect(answer.status, answer.text).toBe(200);
  },
);

test('options during an outage', async () => {
  await faulty.network.goDown();
  const stranger = await new Visitor(service).ask(paths.signInOptions);
  const owner = await visitor.ask(paths.enrolOptions);
  await faulty.network.heal();
  // The limit by address is counted in the database, too.
  expect([stranger.status, owner.status]).toEqual([503, 503]);
});
