/** Mails of the outbox reach a real SMTP server, once, with a stable identity, and leave nothing behind. */
import { AsyncResource } from 'node:async_hooks';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startMailServer, type MailServer } from '../../support/mail-server.js';
import { mailFeature, secretLink, testMail } from '../../support/mail-feature.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import {
  startTestService,
  type TestService,
  type TestServiceOptions,
} from '../../support/test-service.js';
import { until } from '../../support/until.js';

let mailServer: MailServer;
let testDatabase: TestDatabase;
beforeAll(async () => {
  mailServer = await startMailServer();
  testDatabase = await createTestDatabase();
});
afterAll(async () => {
  await mailServer.stop();
  await testDatabase.drop();
});

const started: TestService[] = [];
beforeEach(() => {
  mailServer.mails.length = 0;
});
afterEach(async () => {
  for (const service of started.splice(0)) await service.stop();
  await testDatabase.query('delete from mail_outbox');
  await testDatabase.query('delete from rate_limit');
});

async function start(options: TestServiceOptions = {}) {
  const service = await startTestService({
    testDatabase,
    extraFeatures: [mailFeature],
    ...options,
    env: { SMTP_URL: mailServer.url, MAIL_FROM: 'Example <auth@example.com>', ...options.env },
  });
  const { mailer } = service;
  if (mailer === undefined) throw new Error('the service has no mailer');
  const result = { ...service, mailer };
  started.push(result);
  return result;
}

const rows = () => testDatabase.query('select * from mail_outbox order by created_at');
const untilSent = (count = 1) => until(() => mailServer.mails.length >= count);

test('a mail arrives with text, HTML and the headers of an automatic mail', async () => {
  const { mailer, orm } = await start({ env: { MAIL_REPLY_TO: 'help@example.com' } });
  const mailId = await mailer.enqueue(orm, testMail());
  await untilSent();
  const [mail] = mailServer.mails;
  expect(mail?.from?.text).toBe('"Example" <auth@example.com>');
  expect(mail?.replyTo?.text).toBe('help@example.com');
  expect(mail?.subject).toBe('Your link');
  expect(mail?.messageId).toBe(`<${mailId}@example.com>`);
  expect(mail?.headers.get('auto-submitted')).toBe('auto-generated');
  expect(mail?.text).toContain(secretLink);
  expect(mail?.html).toContain(`href="${secretLink}"`);
});

test('umlauts and commas in the names of sender and replies arrive, for each of several mails', async () => {
  const { mailer, orm } = await start({
    env: {
      MAIL_FROM: 'Müller, Söhne & Co <auth@example.com>',
      MAIL_REPLY_TO: '"Größe, Hilfe" <help@example.com>',
    },
  });
  for (const to of ['ada@recipient.example', 'bob@recipient.example']) {
    await mailer.enqueue(orm, testMail({ to }));
  }
  await untilSent(2);
  for (const { from, replyTo } of mailServer.mails) {
    expect(from?.value).toEqual([{ name: 'Müller, Söhne & Co', address: 'auth@example.com' }]);
    expect(replyTo?.value).toEqual([{ name: 'Größe, Hilfe', address: 'help@example.com' }]);
  }
});

test('line breaks in addresses and data add no header and no recipient', async () => {
  const { mailer, orm, logLine } = await start();
  const link = 'https://www.example.com/\r\nBcc: eve@evil.example';
  await mailer.enqueue(orm, testMail({ to: 'ada@recipient.example\r\nBcc: eve@evil.example' }));
  await mailer.enqueue(orm, testMail({ to: 'ada@recipient.example, eve@evil.example' }));
  await mailer.enqueue(
    orm,
    testMail({ data: { link, minutes: '10\r\n.\r\nRCPT TO:<eve@x.example>' } }),
  );
  await untilSent();
  await logLine(({ reason }) => reason === 'recipient_refused');
  await mailer.sendDue();
  expect(mailServer.mails).toHaveLength(1);
  const [mail] = mailServer.mails;
  expect(mail?.bcc).toBeUndefined();
  expect(mail?.headerLines.map(({ key }) => key)).not.toContain('bcc');
  expect((await rows()).map(({ state }) => state as string).sort()).toEqual([
    'failed',
    'failed',
    'sent',
  ]);
});

test('a sent mail leaves neither address nor link in the outbox', async () => {
  const { mailer, orm, logLine } = await start();
  await mailer.enqueue(orm, testMail());
  await logLine(({ msg }) => msg === 'mail sent');
  expect(await rows()).toMatchObject([
    { state: 'sent', payload: null, next_attempt_at: null, reason: null, attempts: 1 },
  ]);
});

test('while it waits, address and link are encrypted, and a rotated secret still decrypts them', async () => {
  const { mailer, orm, config } = await start({ env: { SMTP_URL: 'smtp://127.0.0.1:1' } });
  await mailer.enqueue(orm, testMail());
  await mailer.sendDue();
  const stored = JSON.stringify(await rows());
  expect(stored).not.toContain('ada');
  expect(stored).not.toContain('SecretOfTheLink');
  await testDatabase.query('update mail_outbox set next_attempt_at = now()');
  const old = config.keyRing.current.value;
  const rotated = await start({
    env: {
      BETTER_AUTH_SECRET: undefined,
      BETTER_AUTH_SECRETS: `2:another-secret-that-is-long-enough-9876543210,1:${old}`,
    },
  });
  expect(await rotated.mailer.sendDue()).toEqual({ sent: 1, delayed: 0, failed: 0 });
  expect(mailServer.mails[0]?.text).toContain(secretLink);
});

test('without the secret that encrypted it, a mail fails for good and says why', async () => {
  const first = await start({ env: { SMTP_URL: 'smtp://127.0.0.1:1' } });
  await first.mailer.enqueue(first.orm, testMail());
  await first.mailer.sendDue();
  await testDatabase.query('update mail_outbox set next_attempt_at = now()');
  const { mailer, logLines } = await start({
    env: { BETTER_AUTH_SECRET: 'another-secret-that-is-long-enough-9876543210' },
  });
  expect(await mailer.sendDue()).toEqual({ sent: 0, delayed: 0, failed: 1 });
  expect(await rows()).toMatchObject([{ state: 'failed', reason: 'undecryptable', payload: null }]);
  expect(logLines().find(({ reason }) => reason === 'undecryptable')?.fix).toContain('secret');
});

test('a mail of a transaction that rolls back is never sent', async () => {
  const { mailer, orm } = await start();
  const failed = orm.transaction(async (tx) => {
    await mailer.enqueue(tx, testMail());
    throw new Error('rolled back');
  });
  await expect(failed).rejects.toThrow('rolled back');
  expect(await mailer.sendDue()).toEqual({ sent: 0, delayed: 0, failed: 0 });
  expect(await rows()).toEqual([]);
});

test('a mail of a transaction is sent after the commit', async () => {
  const { mailer, orm } = await start();
  const sendDueOutside = AsyncResource.bind(() => mailer.sendDue());
  await orm.transaction(async (tx) => {
    await mailer.enqueue(tx, testMail());
    await sendDueOutside();
    expect(mailServer.mails).toEqual([]);
  });
  await untilSent();
  expect(mailServer.mails).toHaveLength(1);
});

test('two instances send each of 40 mails once', async () => {
  const one = await start();
  const two = await start();
  await Promise.all(
    Array.from({ length: 40 }, (_, index) => {
      const { mailer, orm } = index % 2 === 0 ? one : two;
      return mailer.enqueue(orm, testMail({ to: `user${index}@recipient.example` }));
    }),
  );
  await Promise.all([one.mailer.sendDue(), two.mailer.sendDue()]);
  await untilSent(40);
  await Promise.all([one.mailer.sendDue(), two.mailer.sendDue()]);
  const ids = mailServer.mails.map(({ messageId }) => messageId);
  expect(ids).toHaveLength(40);
  expect(new Set(ids).size).toBe(40);
});

test('after a crash between sending and marking, the repetition has the same Message-ID', async () => {
  const clock = { time: Date.now() };
  const { mailer, orm, logLine } = await start({ now: () => new Date(clock.time) });
  await mailer.enqueue(orm, testMail());
  await logLine(({ msg }) => msg === 'mail sent');
  const { mailer: next } = await start({
    env: { SMTP_URL: 'smtp://127.0.0.1:1' },
    now: () => new Date(clock.time),
  });
  await next.enqueue(orm, testMail());
  await next.sendDue();
  // What a process leaves behind that dies before it marks the mail: a claim.
  await testDatabase.query(`update mail_outbox set next_attempt_at = $1 where state = 'pending'`, [
    new Date(clock.time + 60_000),
  ]);
  expect(await mailer.sendDue()).toMatchObject({ sent: 0 });
  clock.time += 60_000;
  expect(await mailer.sendDue()).toMatchObject({ sent: 1 });
  const [, row] = await rows();
  expect(mailServer.mails[1]?.messageId).toBe(`<${String(row?.id)}@example.com>`);
});

test('a sent mail that cannot be recorded is logged, and stays to be sent again', async () => {
  await testDatabase.query(`
    create function refuse() returns trigger language plpgsql as
      $$ begin raise 'the disk is full'; end $$;
    create trigger refuse before update on mail_outbox for each row
      when (new.state = 'sent') execute function refuse()`);
  const { mailer, orm, logLine } = await start();
  const mailId = await mailer.enqueue(orm, testMail());
  await logLine(({ msg }) => msg === 'the outbox is unavailable');
  await testDatabase.query('drop function refuse cascade');
  await logLine((line) => line.msg === 'mail sent' && line.mailId === mailId);
  expect(mailServer.mails).toHaveLength(1);
  expect(await rows()).toMatchObject([{ state: 'pending', attempts: 1 }]);
});

test('decoys are written, claimed and rendered as mails are, but neither sent nor kept, counted or logged', async () => {
  const { mailer, orm, logText } = await start();
  await orm.transaction(async (tx) => {
    await mailer.enqueue(tx, testMail({ isDecoy: true }));
    const written = await tx.execute('select state, payload, next_attempt_at from mail_outbox');
    expect(written.rows).toEqual([
      {
        state: 'decoy',
        payload: expect.any(String) as string,
        next_attempt_at: expect.anything() as unknown,
      },
    ]);
  });
  expect(await mailer.sendDue()).toEqual({ sent: 0, delayed: 0, failed: 0 });
  expect(await rows()).toMatchObject([
    { state: 'decoy', payload: null, next_attempt_at: null, attempts: 1, reason: null },
  ]);
  expect(mailServer.mails).toEqual([]);
  expect(logText()).not.toContain('mail sent');
});

test('a decoy whose time is over ends without a report', async () => {
  const { mailer, orm, logText } = await start();
  await mailer.enqueue(orm, testMail({ isDecoy: true, expiresAt: new Date(0) }));
  expect(await mailer.sendDue()).toEqual({ sent: 0, delayed: 0, failed: 0 });
  expect(await rows()).toMatchObject([{ state: 'decoy', payload: null, reason: null }]);
  expect(logText()).not.toContain('mail not sent');
});

test('the fourth mail to a recipient within ten minutes is not sent, and the caller learns nothing of it', async () => {
  const { mailer, orm, logLines } = await start();
  const spellings = ['ada@recipient.example', 'ADA@recipient.example', 'Ada@Recipient.Example'];
  const ids: string[] = [];
  for (const to of [...spellings, ...spellings])
    ids.push(await mailer.enqueue(orm, testMail({ to })));
  await mailer.sendDue();
  await untilSent(3);
  expect(new Set(ids).size).toBe(6);
  expect((await rows()).map(({ state }) => state as string)).toEqual(
    expect.arrayContaining(['limited', 'limited', 'limited']),
  );
  expect(mailServer.mails).toHaveLength(3);
  const limited = logLines().filter(({ reason }) => reason === 'limited');
  expect(limited).toMatchObject(
    [3, 4, 5].map((index) => ({ mailId: ids[index], limits: ['recipient'] })),
  );
});

test('eight concurrent mails to one recipient become three', async () => {
  const { mailer, orm } = await start();
  await Promise.all(Array.from({ length: 8 }, () => mailer.enqueue(orm, testMail())));
  const states = (await rows()).map(({ state }) => state as string);
  expect(states.filter((state) => state === 'limited')).toHaveLength(5);
});

test('a network and an account have limits of their own', async () => {
  const { mailer, orm } = await start();
  const states = async (mails: readonly object[]) => {
    for (const each of mails) await mailer.enqueue(orm, testMail(each));
    const all = (await rows()).map(({ state }) => state as string);
    await testDatabase.query('delete from mail_outbox');
    return all.filter((state) => state === 'limited').length;
  };
  const others = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      to: `user${index}@recipient.example`,
      isDecoy: true,
    }));
  expect(await states(others(22).map((each) => ({ ...each, network: '203.0.113.9' })))).toBe(2);
  expect(
    await states(others(22).map((each) => ({ ...each, to: `x${each.to}`, userId: 'u' }))),
  ).toBe(16);
});

test('a notice arrives although the recipient has got too many other mails', async () => {
  const { mailer, orm } = await start();
  for (let count = 0; count < 5; count += 1) await mailer.enqueue(orm, testMail({ isDecoy: true }));
  await mailer.enqueue(orm, testMail({ template: 'test-notice', data: { when: 'now' } }));
  await untilSent();
  expect(mailServer.mails[0]?.subject).toBe('Password changed');
});

test('an unknown template or missing data is refused when the mail is written', async () => {
  const { mailer, orm } = await start();
  const enqueue = (change: object) => mailer.enqueue(orm, testMail(change));
  await expect(enqueue({ template: 'none' })).rejects.toThrow('there is no mail template none');
  await expect(enqueue({ data: { link: secretLink } })).rejects.toThrow('has no minutes');
});

test('the log has the reason and the id of a mail, but no address, link or code', async () => {
  const { mailer, orm, logText, logLine } = await start();
  await mailer.enqueue(orm, testMail());
  await mailer.enqueue(orm, testMail({ template: 'test-code', data: { code: '918273' } }));
  await logLine(({ msg, template }) => msg === 'mail sent' && template === 'test-code');
  const sent = await logLine(
    ({ msg, template }) => msg === 'mail sent' && template === 'test-link',
  );
  expect(sent).toMatchObject({ to: 'a*** at recipient.example', attempts: 1 });
  for (const secret of ['ada@', 'SecretOfTheLink', '918273'])
    expect(logText()).not.toContain(secret);
});

test('a decoy that cannot be rendered ends as one, without a report', async () => {
  const { mailer, orm, logText } = await start();
  await mailer.enqueue(orm, testMail({ isDecoy: true, to: `${'a'.repeat(65)}@example.com` }));
  expect(await mailer.sendDue()).toEqual({ sent: 0, delayed: 0, failed: 0 });
  expect(await rows()).toMatchObject([{ state: 'decoy', payload: null, reason: null }]);
  expect(logText()).not.toContain('mail not sent');
});

test('an instance that knows no decoys cannot read one, so it never sends it', async () => {
  const { mailer, orm } = await start();
  await mailer.enqueue(orm, testMail({ isDecoy: true }));
  await testDatabase.query(`update mail_outbox set state = 'pending'`); // as that instance sees it
  expect(await mailer.sendDue()).toEqual({ sent: 0, delayed: 0, failed: 1 });
  expect(await rows()).toMatchObject([{ state: 'failed', reason: 'undecryptable' }]);
  expect(mailServer.mails).toEqual([]);
});
