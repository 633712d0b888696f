/** An outbox of 100,000 rows: every statement of a run reads few of them, by an index. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { claimMails, expireMails } from '../../../src/features/mail/outbox.js';
import { startMailServer, type MailServer } from '../../support/mail-server.js';
import { mailFeature, testMail } from '../../support/mail-feature.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { startTestService, type TestService } from '../../support/test-service.js';
import { until } from '../../support/until.js';

const size = 100_000;

let testDatabase: TestDatabase;
let mailServer: MailServer;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  mailServer = await startMailServer();
});
beforeEach(() => testDatabase.query('truncate mail_outbox'));
afterAll(async () => {
  await mailServer.stop();
  await testDatabase.drop();
});

/** @param columns values of state, next_attempt_at and expires_at of row `n` */
async function fill(columns: string): Promise<void> {
  await testDatabase.query(`
    insert into mail_outbox (id, template, state, next_attempt_at, expires_at, created_at)
    select 'old-' || n, 'test-link', ${columns}, now() - n * interval '1 second'
    from generate_series(1, ${size}) as n`);
  await testDatabase.query('analyze mail_outbox');
}

interface Reads {
  readonly scans: number;
  readonly rows: number;
}

async function readReads(): Promise<Reads> {
  await testDatabase.query('select pg_stat_force_next_flush()');
  const [row] = await testDatabase.query<{ scans: number; rows: number }>(`
    select seq_scan::int as scans, (seq_tup_read + idx_tup_fetch)::int as rows
    from pg_stat_user_tables where relname = 'mail_outbox'`);
  return row ?? { scans: 0, rows: 0 };
}

/** What a service with the mailer reads for `work`. Its connections report that when they end. */
async function readsOf(work: (service: TestService) => Promise<void>): Promise<Reads> {
  const service = await startTestService({
    testDatabase,
    extraFeatures: [mailFeature],
    env: { SMTP_URL: mailServer.url, MAIL_FROM: 'auth@example.com' },
  });
  const before = await readReads();
  await work(service);
  await service.stop();
  const after = await until(async () => {
    const now = await readReads();
    return now.rows > before.rows && now;
  });
  return { scans: after.scans - before.scans, rows: after.rows - before.rows };
}

test('a mail is sent without reading those that were sent before', async () => {
  await fill(`'sent', null, now() + interval '1 hour'`);
  const reads = await readsOf(async ({ mailer, orm }) => {
    await mailer?.enqueue(orm, testMail());
    expect(await mailer?.sendDue()).toEqual({ sent: 1, delayed: 0, failed: 0 });
  });
  expect(reads.scans).toBe(0);
  expect(reads.rows).toBeLessThan(100);
});

test('of 100,000 due mails a claim takes five, by the index', async () => {
  await fill(`'pending', now() - n * interval '1 millisecond', now() + interval '1 day'`);
  await testDatabase.query('update mail_outbox set created_at = now()');
  await testDatabase.query('vacuum analyze mail_outbox');
  const reads = await readsOf(async ({ orm }) => {
    const claimed = await claimMails(orm, new Date(), 5);
    expect(claimed.map(({ id }) => id)).toContain(`old-${size}`); // the oldest
    expect(claimed).toHaveLength(5);
  });
  expect(reads.scans).toBe(0);
  expect(reads.rows).toBeLessThan(100);
  const claimed = await testDatabase.query('select id from mail_outbox where attempts > 0');
  expect(claimed).toHaveLength(5);
});

test('100,000 expired mails are ended in batches', async () => {
  await fill(`'pending', now() - interval '2 seconds', now() - interval '1 second'`);
  const reads = await readsOf(async ({ orm }) => {
    expect(await expireMails(orm, new Date(), 1_000)).toHaveLength(1_000);
  });
  expect(reads.scans).toBe(0);
  expect(reads.rows).toBeLessThan(5_000);
  const ended = await testDatabase.query(`select id from mail_outbox where state = 'failed'`);
  expect(ended).toHaveLength(1_000);
});
