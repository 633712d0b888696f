/** A mail that cannot be sent is retried for a day with growing pauses, by whatever calls for it, and then says so. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { reply, startMailServer, type MailServer } from '../../support/mail-server.js';
import { mailFeature, testMail } from '../../support/mail-feature.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import {
  startTestService,
  type TestService,
  type TestServiceOptions,
} from '../../support/test-service.js';
import { until } from '../../support/until.js';
import { Visitor } from '../../support/visitor.js';

let testDatabase: TestDatabase;
let mailServer: MailServer;
let isRefusing = true;
const started: TestService[] = [];
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  mailServer = await startMailServer({
    onMailFrom: (_address, _session, done) => done(isRefusing ? reply(451, 'later') : null),
  });
});
afterEach(async () => {
  for (const service of started.splice(0)) await service.stop();
  await testDatabase.query('delete from mail_outbox');
  await testDatabase.query('delete from rate_limit');
  mailServer.mails.length = 0;
  isRefusing = true;
});
afterAll(async () => {
  await mailServer.stop();
  await testDatabase.drop();
});

const clock = { time: Date.parse('2026-01-31T12:00:00Z') };
const now = () => new Date(clock.time);

async function start(options: TestServiceOptions = {}) {
  const service = await startTestService({
    testDatabase,
    extraFeatures: [mailFeature],
    now,
    ...options,
    env: { SMTP_URL: mailServer.url, MAIL_FROM: 'auth@example.com', ...options.env },
  });
  started.push(service);
  const { mailer, orm } = service;
  if (mailer === undefined) throw new Error('the service has no mailer');
  return { service, mailer, orm };
}

test('pauses grow from seconds to hours, and after a day the mail has expired unsent', async () => {
  const { service, mailer, orm } = await start();
  const begin = clock.time;
  await mailer.enqueue(orm, testMail({}, now()));
  await mailer.sendDue();
  const pauses = [];
  for (let run = 0; run < 40 && mailer.dueAt() - begin < 86_400_000; run += 1) {
    const [row] = await testDatabase.query('select * from mail_outbox');
    if (row?.state !== 'pending') break;
    const due = (row.next_attempt_at as Date).getTime();
    pauses.push((due - clock.time) / 1000);
    clock.time = due;
    await mailer.sendDue();
  }
  expect(pauses.slice(0, 10)).toEqual([10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14400]);
  expect(clock.time - begin).toBeGreaterThan(86_400_000 - 14_400_000);
  clock.time = begin + 86_400_000 + 14_400_000;
  await mailer.sendDue();
  const rows = await testDatabase.query('select * from mail_outbox');
  expect(rows).toMatchObject([{ state: 'failed', reason: 'expired_unsent', payload: null }]);
  const reasons = service.logLines().flatMap(({ mailId, reason }) => (mailId ? [reason] : []));
  expect(new Set(reasons)).toEqual(new Set(['provider_unavailable', 'expired_unsent']));
});

test('retries end when the link expires, and that is reported at once', async () => {
  const { service, mailer, orm } = await start();
  const expiresAt = new Date(clock.time + 600_000);
  await mailer.enqueue(orm, testMail({ expiresAt }));
  for (let run = 0; run < 8; run += 1) {
    await mailer.sendDue();
    const [row] = await testDatabase.query('select next_attempt_at from mail_outbox');
    const due = row?.next_attempt_at as Date | null;
    if (due === null) break;
    expect(due.getTime()).toBeLessThanOrEqual(expiresAt.getTime());
    clock.time = due.getTime();
  }
  expect(clock.time).toBe(expiresAt.getTime());
  const [row] = await testDatabase.query('select * from mail_outbox');
  expect(row).toMatchObject({ state: 'failed', reason: 'expired_unsent', payload: null });
  const line = service.logLines().find(({ reason }) => reason === 'expired_unsent');
  expect(line).toMatchObject({ level: 'error', mailId: row?.id, attempts: row?.attempts });
});

test('a mail whose link has expired is not sent', async () => {
  const { mailer, orm } = await start();
  await mailer.enqueue(orm, testMail({ expiresAt: new Date(clock.time + 600_000) }));
  await mailer.sendDue();
  isRefusing = false;
  clock.time += 600_000;
  expect(await mailer.sendDue()).toEqual({ sent: 0, delayed: 0, failed: 1 });
  expect(mailServer.mails).toEqual([]);
});

test('a longer Retry-After of an HTTP API delays the next attempt, a shorter one does not', async () => {
  let retryAfter = '120';
  const api = createServer((_req, res) =>
    res.writeHead(429, { 'retry-after': retryAfter }).end('slow down'),
  );
  await once(api.listen(0, '127.0.0.1'), 'listening');
  const { port } = api.address() as AddressInfo;
  const { mailer, orm } = await start({
    env: {
      SMTP_URL: undefined,
      MAIL_WEBHOOK_URL: `http://127.0.0.1:${port}`,
      MAIL_WEBHOOK_SECRET: 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    },
  });
  await mailer.enqueue(orm, testMail({}, now()));
  const pauses = [];
  for (const value of ['120', '5']) {
    retryAfter = value;
    await mailer.sendDue();
    const [row] = await testDatabase.query('select * from mail_outbox');
    expect(row).toMatchObject({ state: 'pending', reason: 'rate_limited' });
    const due = (row?.next_attempt_at as Date).getTime();
    pauses.push((due - clock.time) / 1000);
    clock.time = due;
  }
  api.close();
  expect(pauses).toEqual([120, 30]);
});

test('a later request sends what is due, after its response', async () => {
  const work: Promise<unknown>[] = [];
  const { service, mailer, orm } = await start({ waitUntil: (each) => void work.push(each) });
  await mailer.enqueue(orm, testMail({}, now()));
  await mailer.sendDue();
  isRefusing = false;
  clock.time += 60_000;
  await new Visitor(service).ask('/session');
  await until(() => mailServer.mails.length === 1);
  await Promise.all(work);
});

test('the cron route sends what is due, for the holder of CRON_SECRET only', async () => {
  const secret = 'Wm3tq8Zk0aXc7vN1sLd5hRf9';
  const { service, mailer, orm } = await start({ env: { CRON_SECRET: secret } });
  await mailer.enqueue(orm, testMail({}, now()));
  await mailer.sendDue();
  isRefusing = false;
  clock.time += 60_000;
  const ask = (authorization?: string, method = 'GET') =>
    fetch(`${service.url}/api/cron/mail`, {
      method,
      headers: authorization ? { authorization } : {},
    });
  for (const wrong of [undefined, `Bearer ${secret}x`, 'Bearer ', secret]) {
    expect((await ask(wrong)).status).toBe(401);
  }
  expect((await ask(`Bearer ${secret}`, 'POST')).status).toBe(405);
  expect(mailServer.mails).toEqual([]);
  const response = await ask(`Bearer ${secret}`);
  expect(await response.json()).toEqual({ sent: 1, delayed: 0, failed: 0 });
  expect(response.headers.get('cache-control')).toBe('no-store');
});

test('on Vercel, a missing CRON_SECRET is reported at start', async () => {
  const { service } = await start({ env: { VERCEL: '1', VERCEL_ENV: 'production' } });
  await service.logStartupReport();
  const codes = service.logLines().flatMap(({ code }) => code ?? []);
  expect(codes).toContain('CRON_SECRET_MISSING');
  expect(codes).not.toContain('MAIL_TRANSPORT_FAILED');
});

test('without CRON_SECRET there is no cron route', async () => {
  const { service } = await start();
  expect((await fetch(`${service.url}/api/cron/mail`)).status).toBe(404);
});

test('metrics count mails by result', async () => {
  const token = 'Zk4t8Mp0aWq2xYc7vN1sLd5hRf9gJb3e';
  const { service, mailer, orm } = await start({ env: { DIAGNOSTICS_TOKEN: token } });
  await mailer.enqueue(orm, testMail({}, now()));
  await mailer.sendDue();
  isRefusing = false;
  clock.time += 60_000;
  await mailer.sendDue();
  const headers = { 'x-diagnostics-token': token };
  const text = await (await fetch(`${service.url}/metrics`, { headers })).text();
  expect(text).toContain('auth_mails_total{result="sent"} 1');
  expect(text).toContain('auth_mails_total{result="provider_unavailable"} 1');
  expect(text).toContain('auth_mails_total{result="tls"} 0');
});

test('the diagnostics have mails by reason and the newest ones, without address or link', async () => {
  const token = 'Zk4t8Mp0aWq2xYc7vN1sLd5hRf9gJb3e';
  const { service, mailer, orm } = await start({ env: { DIAGNOSTICS_TOKEN: token } });
  const mailId = await mailer.enqueue(orm, testMail({ requestId: 'request-1' }, now()));
  await mailer.enqueue(orm, testMail({ to: 'other@recipient.example', isDecoy: true }, now()));
  await mailer.sendDue();
  const headers = { 'x-diagnostics-token': token };
  const text = await (await fetch(`${service.url}/diagnostics`, { headers })).text();
  const { mail } = JSON.parse(text) as { mail: unknown };
  expect(mail).toEqual({
    senderDomain: 'example.com',
    outbox: [
      { state: 'decoy', reason: null, count: 1 },
      { state: 'pending', reason: 'provider_unavailable', count: 1 },
    ],
    recent: expect.arrayContaining([
      {
        mailId,
        requestId: 'request-1',
        template: 'test-link',
        state: 'pending',
        reason: 'provider_unavailable',
        attempts: 1,
        createdAt: now().toISOString(),
      },
    ]) as unknown,
  });
  expect(text).not.toMatch(/recipient\.example|SecretOfTheLink/);
});

test('the startup report names the transport without credentials, and what is wrong with it', async () => {
  const { service } = await start({ env: { SMTP_URL: 'smtp://user:secret-word@127.0.0.1:1' } });
  await service.logStartupReport();
  const line = service.logLines().find(({ msg }) => msg.includes('startup') || msg === 'startup');
  expect(line).toMatchObject({ mailTransport: 'smtp://127.0.0.1:1' });
  const finding = service.logLines().find(({ code }) => code === 'MAIL_TRANSPORT_FAILED');
  expect(finding).toMatchObject({ level: 'warn', variable: 'SMTP_URL' });
  expect(service.logText()).toContain('connection_refused');
  expect(service.logText()).not.toContain('secret-word');
});
