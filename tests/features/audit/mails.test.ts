/** What became of each mail is an event, stored with the state of the outbox. Decoys have none. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditEvent, storedEvents } from '../../support/audit-events.js';
import {
  MailVisitor,
  startMailingService,
  type MailingService,
} from '../../support/mailed-link.js';

let service: MailingService;
beforeAll(async () => {
  service = await startMailingService();
});
afterAll(() => service.stop());

const path = '/api/auth/request-password-reset';

async function newUser(): Promise<{ visitor: MailVisitor; id: string }> {
  const visitor = new MailVisitor(service);
  expect((await visitor.signUp()).status).toBe(200);
  const { json } = await visitor.ask('/session');
  return { visitor, id: (json?.user as { id: string }).id };
}

const mailEvents = async () => (await storedEvents(service)).filter(({ kind }) => kind === 'mail');

test('a mail that was sent has its user, request, id and template', async () => {
  const { visitor, id } = await newUser();
  const asked = await new MailVisitor(service).ask(path, { body: { email: visitor.email } });
  await service.mailsTo(visitor.email, 1);
  const event = await auditEvent(service, ({ kind, user_id }) => kind === 'mail' && user_id === id);
  const [row] = await service.database.query<{ id: string }>(
    `select id from mail_outbox where state = 'sent' and request_id = $1`,
    [asked.headers.get('x-request-id')],
  );
  expect(event).toMatchObject({
    outcome: 'success',
    reason: null,
    actor: 'system',
    request_id: asked.headers.get('x-request-id'),
    network: null,
    details: { mailId: row?.id, template: 'reset-password', attempts: 1 },
  });
});

test('a decoy has no event', async () => {
  const before = (await mailEvents()).length;
  await new MailVisitor(service).ask(path, { body: { email: 'nobody@example.com' } });
  await service.mailer?.sendDue();
  const left = await service.database.query(
    `select 1 from mail_outbox where state = 'decoy' and next_attempt_at is not null`,
  );
  expect(left).toEqual([]);
  expect(await mailEvents()).toHaveLength(before);
});

test('a mail beyond the limit is refused, and one of an unknown address has no event', async () => {
  const { visitor } = await newUser();
  for (let times = 0; times < 4; times += 1) {
    await new MailVisitor(service).ask(path, { body: { email: visitor.email } });
  }
  const event = await auditEvent(
    service,
    ({ kind, outcome }) => kind === 'mail' && outcome === 'refused',
  );
  expect(event).toMatchObject({ reason: 'limited', details: { template: 'reset-password' } });
  const refused = async () =>
    (await mailEvents()).filter(({ outcome }) => outcome === 'refused').length;
  const before = await refused();
  for (let times = 0; times < 4; times += 1) {
    await new MailVisitor(service).ask(path, { body: { email: 'no-account@example.com' } });
  }
  expect(await refused()).toBe(before);
});

test('a mail whose event cannot be written is sent once', async () => {
  const { visitor } = await newUser();
  await service.database.query(
    `alter table audit_event add constraint no_mail check (kind <> 'mail') not valid`,
  );
  const asked = await new MailVisitor(service).ask(path, { body: { email: visitor.email } });
  const [mail] = await service.database.query<{ id: string }>(
    'select id from mail_outbox where request_id = $1',
    [asked.headers.get('x-request-id')],
  );
  await service.logLine(
    ({ msg, mailId }) => msg === 'the event of a mail was not written' && mailId === mail?.id,
  );
  const states = await service.database.query('select state from mail_outbox where id = $1', [
    mail?.id,
  ]);
  expect(states).toEqual([{ state: 'sent' }]);
  await service.database.query('alter table audit_event drop constraint no_mail');
  expect(await service.mailsTo(visitor.email, 1)).toHaveLength(1);
});

test('a delayed mail is pending with its reason, and a refused one has failed', async () => {
  const other = await startMailingService({ SMTP_URL: 'smtp://127.0.0.1:9' });
  try {
    const visitor = new MailVisitor(other);
    await visitor.signUp();
    await new MailVisitor(other).ask(path, { body: { email: visitor.email } });
    const event = await auditEvent(other, ({ kind }) => kind === 'mail');
    expect(event).toMatchObject({ outcome: 'pending', details: { attempts: 1 } });
    expect(event.reason).toMatch(/^[a-z_]+$/);
    await other.database.query(
      `update mail_outbox set expires_at = now() - interval '1 minute', next_attempt_at = now() - interval '1 minute'`,
    );
    await other.mailer?.sendDue();
    const failed = await auditEvent(
      other,
      ({ outcome, kind }) => kind === 'mail' && outcome === 'failed',
    );
    expect(failed.reason).toBe('expired_unsent');
  } finally {
    await other.stop();
  }
});
