/** After a rotation of the service's secret, the next accepted code encrypts the app's secret under the new one. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { beginSignIn, enrol, verifyTotp, type App } from '../../support/second-factor.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { startTestService, type TestService } from '../../support/test-service.js';
import { Visitor } from '../../support/visitor.js';

const older = 'an-older-secret-that-is-long-enough-0123456789';
const newer = 'a-newer-secret-that-is-long-enough-9876543210';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function withSecrets<T>(
  secrets: Readonly<Record<string, string | undefined>>,
  run: (service: TestService) => Promise<T>,
): Promise<T> {
  const env = { BETTER_AUTH_SECRET: undefined, SECOND_FACTOR: 'optional', ...secrets };
  const kept = { ...database, drop: () => Promise.resolve() };
  const service = await startTestService({ env, testDatabase: kept });
  try {
    return await run(service);
  } finally {
    await service.stop();
  }
}

async function storedSecret(): Promise<string> {
  const [row] = await database.query('select secret from totp_secret');
  return String(row?.secret);
}

async function signIn(service: TestService, person: Visitor, app: App) {
  const browser = new Visitor(service);
  expect((await beginSignIn(browser, person)).json).toMatchObject({ secondFactor: 'verify' });
  const answer = await verifyTotp(browser, app.code());
  await database.query('update totp_secret set last_step = null');
  return [answer.status, answer.json?.code];
}

test.each([
  [
    'the list',
    { BETTER_AUTH_SECRETS: `1:${older}` },
    { BETTER_AUTH_SECRETS: `2:${newer},1:${older}` },
  ],
  [
    'a single secret',
    { BETTER_AUTH_SECRET: older },
    { BETTER_AUTH_SECRETS: `2:${newer}`, BETTER_AUTH_SECRET: older },
  ],
])('from %s: two secrets, then only the new one', async (_from, before, both) => {
  await database.query('delete from "user"');
  const [person, app] = await withSecrets(before, async (service) => {
    const visitor = new Visitor(service);
    await visitor.signUp();
    return [visitor, await enrol(service, visitor)] as const;
  });
  const atFirst = await storedSecret();
  expect(atFirst).not.toMatch(/^\$ba\$2\$/);
  await withSecrets(both, async (service) => {
    const browser = new Visitor(service);
    await beginSignIn(browser, person);
    expect((await verifyTotp(browser, '000000')).status).toBe(400);
    expect(await storedSecret()).toBe(atFirst); // only a right code encrypts it again
    expect(await signIn(service, person, app)).toEqual([200, undefined]);
    const renewed = await storedSecret();
    expect(renewed).toMatch(/^\$ba\$2\$/);
    expect(await signIn(service, person, app)).toEqual([200, undefined]);
    expect(await storedSecret()).toBe(renewed);
  });
  await withSecrets({ BETTER_AUTH_SECRETS: `2:${newer}` }, async (service) => {
    expect(await signIn(service, person, app)).toEqual([200, undefined]);
  });
});

test('an app whose code was not used before the old secret went cannot be read any more', async () => {
  await database.query('delete from "user"');
  const [person, app] = await withSecrets(
    { BETTER_AUTH_SECRETS: `1:${older}` },
    async (service) => {
      const visitor = new Visitor(service);
      await visitor.signUp();
      return [visitor, await enrol(service, visitor)] as const;
    },
  );
  await withSecrets({ BETTER_AUTH_SECRETS: `2:${newer}` }, async (service) => {
    expect(await signIn(service, person, app)).toEqual([500, 'TOTP_SECRET_UNREADABLE']);
  });
});
