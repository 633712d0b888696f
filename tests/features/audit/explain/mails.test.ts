/** Stories of mails: addresses that are not confirmed, and links that do not arrive or do not work. */
import type { SMTPServerOptions } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { hashToken } from '../../../../src/auth/link-token.js';
import { auditEvent } from '../../../support/audit-events.js';
import { Browser, expectReason, explain, expectStory } from '../../../support/explain.js';
import { reply, startMailServer } from '../../../support/mail-server.js';
import { startMailingService, type MailingService } from '../../../support/mailed-link.js';

const env = { EMAIL_VERIFICATION: 'required', MAGIC_LINK: 'on' };

let service: MailingService;
let user: Browser;

beforeAll(async () => {
  service = await startMailingService(env);
});
afterAll(() => service.stop());
beforeEach(() => {
  user = new Browser(service);
});

const of = ({ email }: { readonly email: string }) => ({ email });

/** Signs up, and confirms the address. */
async function confirmed(): Promise<void> {
  await user.signUp();
  const token = await service.tokenFor(user.email);
  const { email, password } = user;
  const answer = await user.ask('/api/auth/verify-email', { body: { token, email, password } });
  expect([answer.status, answer.text]).toEqual([200, expect.anything()]);
}

test('an address that is not confirmed', async () => {
  await user.signUp();
  await service.mailsTo(user.email);
  const { events } = await expectStory(service, 'an address that is not confirmed', of(user));
  expect(events.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['sign_up', 'mail', 'mailed_link']),
  );
});

test('an address that is not confirmed, after a sign-in that was refused', async () => {
  await user.signUp();
  await service.mailsTo(user.email);
  expect((await user.signIn()).json).toMatchObject({ code: 'EMAIL_NOT_VERIFIED' });
  await expectStory(service, 'an address that is not confirmed', of(user));
});

test('an address whose link expired', async () => {
  await user.signUp();
  await service.mailsTo(user.email);
  const tenMinutesLater = new Date(Date.now() + 11 * 60_000);
  await expectStory(service, 'an address whose link expired', of(user), { now: tenMinutesLater });
});

test('too many verification mails', async () => {
  await user.signUp();
  for (let times = 0; times < 4; times += 1) {
    await user.ask('/api/auth/send-verification-email', { body: { email: user.email } });
  }
  await expectStory(service, 'too many verification mails', of(user));
});

test('a verification mail that was never written', async () => {
  await user.signUp();
  await service.mailsTo(user.email);
  await service.database.query(
    'delete from mail_outbox where user_id = (select id from "user" where email = $1)',
    [user.email],
  );
  await expectStory(service, 'a verification mail that was never written', of(user));
});

async function withMailServer(
  options: SMTPServerOptions,
  changes: Record<string, string>,
  check: (failing: MailingService) => Promise<void>,
): Promise<void> {
  const mailServer = await startMailServer(options);
  const failing = await startMailingService(
    { ...env, SMTP_URL: mailServer.url, ...changes },
    { testDatabase: service.database },
  );
  try {
    await check(failing);
  } finally {
    await failing.stop();
    await mailServer.stop();
  }
}

test('a verification mail that no server takes', async () => {
  await withMailServer({}, { SMTP_URL: 'smtp://127.0.0.1:9' }, async (failing) => {
    const visitor = new Browser(failing);
    await visitor.signUp();
    const story = await expectStory(
      failing,
      'a verification mail that no server takes',
      of(visitor),
    );
    expect(story.diagnosis.sentence).toContain('could not be reached');
  });
});

test('a verification mail whose recipient is refused', async () => {
  const options: SMTPServerOptions = {
    onRcptTo: (_address, _session, done) => {
      done(reply(550, '5.1.1 no such user'));
    },
  };
  await withMailServer(options, {}, async (failing) => {
    const visitor = new Browser(failing);
    await visitor.signUp();
    await expectStory(failing, 'a verification mail whose recipient is refused', of(visitor));
  });
});

test('a reset mail that is refused as spam', async () => {
  await confirmed();
  await user.signOut();
  const options: SMTPServerOptions = {
    onData: (stream, _session, done) => {
      stream.resume();
      stream.once('end', () => {
        done(reply(550, '5.7.1 message rejected as spam'));
      });
    },
  };
  await withMailServer(options, {}, async (failing) => {
    const visitor = Object.assign(new Browser(failing), { email: user.email });
    await visitor.ask('/api/auth/request-password-reset', { body: { email: user.email } });
    await expectStory(failing, 'a reset mail that is refused as spam', of(user));
  });
});

test('a sign-in link that is not opened', async () => {
  await confirmed();
  await user.signOut();
  await user.ask('/api/auth/sign-in/magic-link', { body: { email: user.email } });
  await service.mailsTo(user.email, 2);
  await expectStory(service, 'a sign-in link that is not opened', of(user));
});

test('a sign-in link that was used before', async () => {
  await confirmed();
  await user.signOut();
  await user.ask('/api/auth/sign-in/magic-link', { body: { email: user.email } });
  const token = await service.tokenFor(user.email, 2);
  const verify = () => user.ask('/api/auth/magic-link/verify', { body: { token } });
  expect((await verify()).status).toBe(200);
  await user.signOut();
  expect((await verify()).json).toMatchObject({ code: 'LINK_USED' });
  await expectStory(service, 'a sign-in link that was used before', of(user));
});

test('sign_in link_replaced, sign_in link_expired', async () => {
  await confirmed();
  await user.signOut();
  const ask = () => user.ask('/api/auth/sign-in/magic-link', { body: { email: user.email } });
  const verify = (token: string) => user.ask('/api/auth/magic-link/verify', { body: { token } });
  await ask();
  const older = await service.tokenFor(user.email, 2);
  await ask();
  const newer = await service.tokenFor(user.email, 3);
  expect((await verify(older)).json).toMatchObject({ code: 'LINK_REPLACED' });
  await expectReason(service, 'sign_in link_replaced', of(user));
  await service.database.query(
    `update mailed_link set expires_at = now() - interval '1 minute'
     where user_id = (select id from "user" where email = $1)`,
    [user.email],
  );
  expect((await verify(newer)).json).toMatchObject({ code: 'LINK_EXPIRED' });
  await expectReason(service, 'sign_in link_expired', of(user));
});

test('a link that was opened, but not confirmed', async () => {
  await user.signUp();
  const link = hashToken(await service.tokenFor(user.email));
  const headers = { 'user-agent': 'scanner/1.0' };
  await fetch(`${service.url}/confirm?link=${link}`, { method: 'HEAD', headers });
  await vi.waitFor(async () => {
    const { diagnosis, events } = await explain(service, of(user));
    expect(diagnosis.sentence).toMatch(
      /; its page was opened at \d\d:\d\d UTC; the link is unused\./,
    );
    const opened = events.find(({ kind }) => kind === 'link_open')?.sentence;
    expect(opened).toContain('The page of a mailed link was opened (to confirm the address; by a');
    expect(opened).toContain('perhaps a program that scans mails');
  });
  await expectStory(service, 'a link that was opened, but not confirmed', of(user));
  // The page of the older link was opened, not that of the newest one.
  await user.ask('/api/auth/send-verification-email', { body: { email: user.email } });
  await service.tokenFor(user.email, 2);
  const { diagnosis } = await explain(service, of(user));
  expect(diagnosis.code).toBe('verification_link_unused');
  expect(diagnosis.sentence).not.toContain('was opened');
});

test('the story names the mail whose link was opened, and takes it for no other one', async () => {
  await user.signUp();
  const older = await service.tokenFor(user.email);
  await user.ask('/api/auth/send-verification-email', { body: { email: user.email } });
  await service.tokenFor(user.email, 2);
  // Sent at different minutes, as two mails would be.
  const [sent] = await service.database.query<{ id: string; sent_at: Date }>(
    `update mail_outbox set sent_at = sent_at - interval '42 minutes' where id = (
       select id from mail_outbox where user_id = (select id from "user" where email = $1)
       order by created_at limit 1) returning id, sent_at`,
    [user.email],
  );
  const id = hashToken(older);
  await fetch(`${service.url}/confirm?link=${id}`);
  const event = await auditEvent(
    service,
    ({ kind, details }) => kind === 'link_open' && details?.mailId === sent?.id,
  );
  expect(event.details).toEqual({ method: 'GET', purpose: 'verify_email', mailId: sent?.id });
  expect(JSON.stringify(event)).not.toContain(older);
  const { diagnosis, events } = await explain(service, of(user));
  const opened = events.filter(({ kind }) => kind === 'link_open');
  const time = sent?.sent_at.toISOString().slice(11, 16);
  expect(opened).toHaveLength(1);
  expect(opened[0]?.sentence).toMatch(
    new RegExp(`to confirm the address;.*the mail sent at (\\S+ )?${time} UTC;`),
  );
  // Both mails have a line of their own.
  expect(events.filter(({ kind }) => kind === 'mail')).toHaveLength(2);
  expect(diagnosis.code).toBe('verification_link_unused');
  expect(diagnosis.sentence).not.toContain('was opened');
  // The outbox forgets the mail; its event is left.
  await service.database.query('delete from mail_outbox where id = $1', [sent?.id]);
  const later = (await explain(service, of(user))).events.find(({ kind }) => kind === 'link_open');
  expect(later?.sentence).toMatch(/the mail sent at \d\d:\d\d UTC/);
});

test('a session ended by a reset of the password', async () => {
  await confirmed();
  if (user.cookies.size === 0) await user.signIn();
  const kept = new Map(user.cookies);
  const other = Object.assign(new Browser(service), { email: user.email });
  await other.ask('/api/auth/request-password-reset', { body: { email: user.email } });
  const token = await service.tokenFor(user.email, 2);
  const reset = await other.ask('/api/auth/reset-password', {
    body: { token, newPassword: 'a-new-password-0123' },
  });
  expect(reset.status).toBe(200);
  for (const [name, value] of kept) user.cookies.set(name, value);
  await user.ask('/session');
  await expectStory(service, 'a session ended by a reset of the password', of(user));
});
