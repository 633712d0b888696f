/** Stories of deployments: a second service with another setting on the same database, and a database that is away. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Environment } from '../../../../src/config/environment.js';
import { Browser, expectStory } from '../../../support/explain.js';
import { createFaultyNetwork } from '../../../support/faulty-network.js';
import { startTestService, type TestService } from '../../../support/test-service.js';

let service: TestService;
let user: Browser;

beforeAll(async () => {
  service = await startTestService();
  await service.logStartupReport();
});
afterAll(() => service.stop());
beforeEach(async () => {
  user = new Browser(service);
  expect((await user.signUp()).status).toBe(200);
});

const of = ({ email }: { readonly email: string }) => ({ email });

/** The same database with other settings, and the cookies that the browser has from before. */
async function redeployed(
  env: Environment,
  check: (next: TestService, browser: Browser) => Promise<void>,
): Promise<void> {
  const next = await startTestService({ env, testDatabase: service.database });
  try {
    await next.logStartupReport();
    const browser = Object.assign(new Browser(next), { email: user.email, ip: user.ip });
    for (const [name, value] of user.cookies) browser.cookies.set(name, value);
    await check(next, browser);
  } finally {
    await next.stop();
  }
}

test('an instance with another secret', async () => {
  const env = { BETTER_AUTH_SECRET: 'another-secret-that-is-long-enough-0123456789' };
  await redeployed(env, async (next, browser) => {
    await browser.getSession();
    const { diagnosis } = await expectStory(next, 'an instance with another secret', of(user));
    expect(diagnosis.sentence).toContain('BETTER_AUTH_SECRET changed at');
  });
});

test('a cookie of http after a move to https', async () => {
  const env = {
    BETTER_AUTH_URL: 'https://auth.example.com',
    BETTER_AUTH_TRUSTED_ORIGINS: 'https://www.example.com,http://localhost:3000',
  };
  await redeployed(env, async (next, browser) => {
    await browser.getSession();
    const { diagnosis } = await expectStory(
      next,
      'a cookie of http after a move to https',
      of(user),
    );
    expect(diagnosis.sentence).toContain('BETTER_AUTH_URL changed at');
  });
});

test('a database that is away', async () => {
  const network = await createFaultyNetwork(service.database.url);
  const behind = await startTestService({
    env: { DATABASE_URL: network.url },
    testDatabase: service.database,
  });
  try {
    const browser = Object.assign(new Browser(behind), { email: user.email, ip: user.ip });
    for (const [name, value] of user.cookies) browser.cookies.set(name, value);
    await network.goDown();
    expect((await browser.getSession()).status).toBe(503);
    await network.heal();
    await expectStory(behind, 'a database that is away', of(user));
  } finally {
    await behind.stop();
    await network.close();
  }
});
