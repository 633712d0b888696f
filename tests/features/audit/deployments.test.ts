/** Deployments and changes of what decides over sessions are events, each once for all instances. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readConfig } from '../../../src/config/config.js';
import type { Environment } from '../../../src/config/environment.js';
import { recordDeployment } from '../../../src/features/audit/deployments.js';
import { storedEvents } from '../../support/audit-events.js';
import { startTestService, testEnvironment, type TestService } from '../../support/test-service.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());
beforeEach(async () => {
  await service.database.query('delete from audit_event');
});

let time = Date.UTC(2026, 10, 28);
async function start(env: Environment = {}): Promise<void> {
  time += 60_000;
  const all = { DATABASE_URL: service.database.url, ...testEnvironment, ...env };
  const now = new Date(time);
  await recordDeployment(service.orm, readConfig(all, now), now);
}

const events = async () =>
  (await storedEvents(service)).map(({ kind, details }) => ({ kind, ...details }));

test('the first start is a deployment, a second one nothing', async () => {
  await start();
  await start();
  expect(await events()).toEqual([
    expect.objectContaining({
      kind: 'deployment',
      environment: 'production',
      baseUrl: 'http://localhost:3001',
      commit: null,
    }),
  ]);
});

test('a change of settings says what changed from what to what, and secrets are fingerprints', async () => {
  const secret = 'another-secret-that-is-long-enough-0123456789';
  await start();
  await start({ SESSION_IDLE_DAYS: '3', BETTER_AUTH_SECRET: secret });
  const [, change] = await events();
  expect(change).toMatchObject({
    kind: 'configuration_change',
    changed: ['BETTER_AUTH_SECRET', 'SESSION_IDLE_DAYS'],
    from: [expect.stringMatching(/^BETTER_AUTH_SECRET=[0-9a-f]{8}$/), 'SESSION_IDLE_DAYS=7'],
    to: [expect.stringMatching(/^BETTER_AUTH_SECRET=[0-9a-f]{8}$/), 'SESSION_IDLE_DAYS=3'],
  });
  const text = JSON.stringify(await storedEvents(service));
  for (const value of [secret, String(testEnvironment.BETTER_AUTH_SECRET)]) {
    expect(text).not.toContain(value);
  }
  await start({ SESSION_IDLE_DAYS: '3', BETTER_AUTH_SECRET: secret });
  expect(await events()).toHaveLength(2);
});

test('a list of secrets in place of one is a change of both variables', async () => {
  await start();
  await start({
    BETTER_AUTH_SECRET: undefined,
    BETTER_AUTH_SECRETS: `1:${testEnvironment.BETTER_AUTH_SECRET}`,
  });
  expect((await events())[1]).toMatchObject({
    changed: ['BETTER_AUTH_SECRET', 'BETTER_AUTH_SECRETS'],
  });
});

test('a feature that is switched on, and another commit', async () => {
  await start({ VERCEL_GIT_COMMIT_SHA: 'a'.repeat(40) });
  await start({ VERCEL_GIT_COMMIT_SHA: 'b'.repeat(40), BEARER_TOKENS: 'on' });
  const found = await events();
  expect(found.map(({ kind }) => kind).sort()).toEqual([
    'configuration_change',
    'deployment',
    'deployment',
  ]);
  expect(found.find(({ kind }) => kind === 'configuration_change')).toMatchObject({
    changed: ['features'],
  });
});

test('another base URL is another deployment, with no change', async () => {
  await start();
  await start({ BETTER_AUTH_URL: 'http://localhost:3002', SESSION_IDLE_DAYS: '3' });
  expect((await events()).map(({ kind }) => kind)).toEqual(['deployment', 'deployment']);
});

test('of instances that start at once, one writes the event', async () => {
  await start();
  await Promise.all(Array.from({ length: 8 }, () => start({ SESSION_IDLE_DAYS: '4' })));
  expect((await events()).map(({ kind }) => kind)).toEqual(['deployment', 'configuration_change']);
});

test('the startup report of a service records its deployment', async () => {
  await service.logStartupReport();
  expect((await events()).map(({ kind }) => kind)).toEqual(['deployment']);
});
