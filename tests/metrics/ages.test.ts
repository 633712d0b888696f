/** Gauges that alerts read: they must grow while nothing is swept or sent, without a query. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { readExposition } from '../support/exposition.js';
import { mailFeature, testMail } from '../support/mail-feature.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestService, type TestService } from '../support/test-service.js';

const token = 'Vt3kQ0aZs9LmXw2yBn7cRf5dHj8gPe4u';

let testDatabase: TestDatabase;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
afterAll(() => testDatabase.drop());

const started: TestService[] = [];
afterEach(async () => {
  for (const service of started.splice(0)) await service.stop();
  await testDatabase.query('delete from mail_outbox');
  await testDatabase.query('delete from rate_limit');
});

let aheadMs = 0;
const now = () => new Date(Date.now() + aheadMs);

async function start(env = {}): Promise<TestService> {
  const service = await startTestService({
    testDatabase,
    now,
    extraFeatures: [mailFeature],
    env: { DIAGNOSTICS_TOKEN: token, ...env },
  });
  started.push(service);
  return service;
}

async function gauge(service: TestService, name: string): Promise<number | undefined> {
  const headers = { 'x-diagnostics-token': token };
  const text = await (await fetch(`${service.url}/metrics`, { headers })).text();
  return readExposition(text).find((sample) => sample.name === name)?.value;
}
const sweepAge = (service: TestService) => gauge(service, 'auth_sweep_age_seconds');
const outboxAge = (service: TestService) => gauge(service, 'auth_mail_outbox_age_seconds');

test('the age of the sweep grows from the start until this or another process sweeps', async () => {
  aheadMs = 0;
  const services = [await start(), await start()];
  aheadMs = 7_200_000;
  for (const service of services) {
    expect(await sweepAge(service)).toBeGreaterThanOrEqual(7200);
    await (await fetch(`${service.url}/session`)).text();
    await expect.poll(() => sweepAge(service), { timeout: 20_000 }).toBeLessThan(60);
  }
  // The second process found the claim of the first.
  expect(services.map(({ logText }) => logText().split('"swept"').length - 1)).toEqual([2, 0]);
});

test('the age of the outbox is that of the oldest unsent mail', async () => {
  aheadMs = 0;
  const service = await start({ SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'a@example.com' });
  expect(await outboxAge(service)).toBe(0);
  await service.mailer?.enqueue(service.orm, testMail());
  await service.logLine(({ msg }) => msg === 'mail not sent yet');
  aheadMs = 900_000;
  await expect.poll(() => outboxAge(service)).toBeGreaterThanOrEqual(900);
  await testDatabase.query('delete from mail_outbox');
  await service.mailer?.sendDue();
  expect(await outboxAge(service)).toBe(0);
});

test('without a mail transport there is no age of an outbox', async () => {
  expect(await outboxAge(await start())).toBeUndefined();
});
