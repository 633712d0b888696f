/** What operators do to a user: the effect, the event in the same transaction, and what is protected. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { storedEvents, type StoredEvent } from '../../support/audit-events.js';
import { enrol } from '../../support/second-factor.js';
import { adminEnv, newOperator, OperatorBrowser } from '../../support/operators.js';
import { startTestService, type TestService } from '../../support/test-service.js';
import {
  startMailingService,
  MailVisitor,
  type MailingService,
} from '../../support/mailed-link.js';

let service: TestService;
let operator: OperatorBrowser;
beforeAll(async () => {
  service = await startTestService({ env: adminEnv });
  operator = await newOperator(service);
});
afterAll(() => service.stop());

async function newUser(): Promise<{ visitor: OperatorBrowser; id: string }> {
  const visitor = new OperatorBrowser(service);
  await visitor.signUp();
  return { visitor, id: await visitor.userId() };
}

async function eventOf(
  kind: string,
  userId: string,
  of = service,
): Promise<StoredEvent | undefined> {
  const events = await storedEvents(of);
  return events.find(
    (event) => event.kind === kind && event.user_id === userId && event.actor === 'operator',
  );
}

describe('each action changes one user and records an event of the operator', () => {
  test('sign-out of all sessions', async () => {
    const { visitor, id } = await newUser();
    const other = await newUser();
    const { status, json } = await operator.act(id, 'sign-out');
    expect([status, json]).toEqual([200, { sessionsEnded: 1 }]);
    expect((await visitor.ask('/session')).status).toBe(401);
    expect((await other.visitor.ask('/session')).status).toBe(200);
    expect(await eventOf('sessions_end', id)).toMatchObject({
      outcome: 'success',
      actor_id: await operator.userId(),
      details: { sessionsEnded: 1 },
    });
  });

  test('sign-out of one session, never that of another user', async () => {
    const { visitor, id } = await newUser();
    const second = new OperatorBrowser(service);
    Object.assign(second, { email: visitor.email, password: visitor.password });
    await second.signIn();
    const { json } = await operator.admin(`/users/${id}`);
    const sessions = json?.sessions as { id: string }[];
    expect(sessions).toHaveLength(2);
    const other = await newUser();
    const [newest] = sessions;
    const wrong = await operator.act(other.id, 'sign-out', { sessionId: newest?.id });
    expect([wrong.status, wrong.json?.code]).toEqual([404, 'SESSION_NOT_FOUND']);
    expect((await operator.act(id, 'sign-out', { sessionId: newest?.id })).status).toBe(200);
    const left = await Promise.all([visitor, second].map((one) => one.ask('/session')));
    expect(left.map(({ status }) => status).sort()).toEqual([200, 401]);
    expect(await eventOf('session_revoke', id)).toBeDefined();
  });

  test('set-password', async () => {
    const { visitor, id } = await newUser();
    const password = 'an entirely new passphrase';
    const [local = ''] = visitor.email.split('@');
    const refusals: readonly (readonly [string, string])[] = [
      ['short', 'length'],
      ['x'.repeat(129), 'length'],
      ['two\nlines of text', 'single_line'],
      ['password1', 'common_password'],
      [`${local}12`, 'context_word'],
      ['auth-service 12', 'context_word'],
      ['A Visitor 2026', 'context_word'],
    ];
    for (const [chosen, rule] of refusals) {
      const { status, json } = await operator.act(id, 'set-password', { password: chosen });
      expect([chosen, status, json?.code, json?.rule]).toEqual([
        chosen,
        400,
        'ADMIN_PASSWORD_REFUSED',
        rule,
      ]);
    }
    expect((await visitor.ask('/session')).status).toBe(200);
    const { json, text } = await operator.act(id, 'set-password', { password });
    expect(json).toEqual({ sessionsEnded: 1 });
    expect(text).not.toContain(password);
    expect((await visitor.signIn(password)).status).toBe(200);
    expect(JSON.stringify(await eventOf('password_set', id))).not.toContain(password);
    expect(service.logText()).not.toContain(password);
  });

  test('lift-limits', async () => {
    const { visitor, id } = await newUser();
    for (let times = 0; times < 5; times += 1) await visitor.signIn('a wrong one');
    expect((await visitor.signIn()).status).toBe(429);
    const { json } = await operator.act(id, 'lift-limits');
    expect(json?.limitsLifted).toBeGreaterThan(0);
    expect((await visitor.signIn()).status).toBe(200);
    expect(await eventOf('limits_lift', id)).toBeDefined();
  });

  test('lock and unlock', async () => {
    const { visitor, id } = await newUser();
    expect((await operator.act(id, 'lock')).json).toEqual({ sessionsEnded: 1 });
    expect((await visitor.ask('/session')).json).toMatchObject({ reason: 'user_locked' });
    expect((await visitor.signIn()).json).toMatchObject({ code: 'USER_LOCKED' });
    expect(await eventOf('user_lock', id)).toMatchObject({ details: { sessionsEnded: 1 } });
    const unlocked = await operator.act(id, 'unlock');
    expect(unlocked.json).toMatchObject({ wasLocked: true });
    expect(await eventOf('user_unlock', id)).toMatchObject({
      details: { limitsLifted: expect.any(Number) as number },
    });
    expect((await operator.act(id, 'unlock')).json).toMatchObject({ wasLocked: false });
    expect(await eventOf('limits_lift', id)).toBeDefined();
    expect((await visitor.signIn()).status).toBe(200);
  });

  test('verify-email', async () => {
    const { visitor, id } = await newUser();
    expect((await operator.act(id, 'verify-email')).json).toEqual({ wasVerified: false });
    expect((await operator.act(id, 'verify-email')).json).toEqual({ wasVerified: true });
    expect((await visitor.ask('/session')).json).toMatchObject({ user: { emailVerified: true } });
  });

  test('remove-factors, and says that no mail was written where none can be', async () => {
    const { visitor, id } = await newUser();
    await enrol(service, visitor);
    const { json } = await operator.act(id, 'remove-factors');
    expect(json).toEqual({
      removed: ['authenticator app'],
      sessionsEnded: 1,
      isNotified: false,
    });
    expect((await visitor.signIn()).json).toMatchObject({ user: { twoFactorEnabled: false } });
    expect(await eventOf('factor_remove', id)).toMatchObject({ details: { isNotified: false } });
  });

  test('delete', async () => {
    const { visitor, id } = await newUser();
    expect((await operator.act(id, 'delete')).json).toEqual({ sessionsEnded: 1 });
    expect(await visitor.userId()).toBe('');
    expect(await eventOf('account_deletion', id)).toBeDefined();
    expect((await operator.act(id, 'delete')).json?.code).toBe('USER_NOT_FOUND');
  });

  test('mail-password-reset without mail is refused', async () => {
    const { id } = await newUser();
    expect((await operator.act(id, 'mail-password-reset')).json?.code).toBe('MAIL_NOT_AVAILABLE');
  });
});

describe('with mail', () => {
  let mailing: MailingService;
  let boss: OperatorBrowser;
  beforeAll(async () => {
    mailing = await startMailingService(adminEnv);
    boss = await newOperator(mailing);
  });
  afterAll(() => mailing.stop());

  async function newOwner(): Promise<{ owner: MailVisitor; id: string }> {
    const owner = new MailVisitor(mailing);
    await owner.signUp();
    const sql = 'select id from "user" where email = $1';
    const [row] = await mailing.database.query<{ id: string }>(sql, [owner.email]);
    return { owner, id: row?.id ?? '' };
  }

  test('a mailed reset link sets a new password', async () => {
    const { owner, id } = await newOwner();
    const { status, json } = await boss.act(id, 'mail-password-reset');
    expect([status, json]).toEqual([200, { mailId: expect.any(String) as string }]);
    const mails = await mailing.mailsTo(owner.email, 1);
    const text = mails.map(({ text: body }) => body).join('\n');
    const token = /#reset_password=([\w-]{43})/.exec(text)?.[1] ?? '';
    const newPassword = 'chosen after the mail';
    const reset = await owner.ask('/api/auth/reset-password', { body: { token, newPassword } });
    expect(reset.status).toBe(200);
    expect((await owner.signIn(newPassword)).status).toBe(200);
  });

  test('a mail beyond the limits is reported, and leaves no link', async () => {
    const { id } = await newOwner();
    const codes: unknown[] = [];
    for (let times = 0; times < 5; times += 1) {
      codes.push((await boss.act(id, 'mail-password-reset')).json?.code);
    }
    expect(codes.at(-1)).toBe('MAIL_LIMITED');
    const links = await mailing.database.query('select 1 from mailed_link where user_id = $1', [
      id,
    ]);
    expect(links).toHaveLength(codes.filter((code) => code === undefined).length);
  });

  test('removed factors are reported to the owner', async () => {
    const { owner, id } = await newOwner();
    await enrol(mailing, owner);
    expect((await boss.act(id, 'remove-factors')).json).toMatchObject({ isNotified: true });
    const subjects = (await mailing.mailsTo(owner.email, 2)).map(({ subject }) => subject);
    expect(subjects).toContain('The second factor of your account was removed');
  });
});

describe('admins', () => {
  test('an operator cannot take over another one', async () => {
    const other = await newOperator(service);
    const id = await other.userId();
    const bodies = { 'set-password': { password: 'an entirely new passphrase' } };
    for (const action of ['set-password', 'mail-password-reset', 'remove-factors'] as const) {
      const body = action in bodies ? bodies['set-password'] : {};
      expect((await operator.act(id, action, body)).json?.code).toBe('USER_IS_ADMIN');
    }
    expect((await other.ask('/session')).status).toBe(200);
  });

  test('the last one cannot be deleted, also when two delete each other at once', async () => {
    const own = await startTestService({ env: adminEnv });
    try {
      const [first, second] = [await newOperator(own), await newOperator(own)];
      const ids = [await first.userId(), await second.userId()];
      const answers = await Promise.all([
        first.act(ids[1] ?? '', 'delete'),
        second.act(ids[0] ?? '', 'delete'),
      ]);
      const statuses = answers.map(({ status }) => status).sort();
      expect(statuses[0]).toBe(200);
      expect([401, 404, 409]).toContain(statuses[1]);
      const left = await own.database.query<{ email: string }>(
        `select email from "user" where role = 'admin'`,
      );
      expect(left).toHaveLength(1);
      const last = left[0]?.email === first.email ? first : second;
      for (const action of ['delete', 'lock']) {
        const refused = await last.act(await last.userId(), action);
        expect([refused.status, refused.json?.code]).toEqual([409, 'LAST_ADMIN']);
      }
    } finally {
      await own.stop();
    }
  });
});

test('an action whose event cannot be written does not happen', async () => {
  const { visitor, id } = await newUser();
  await service.database.query(`create function refuse_event() returns trigger language plpgsql
    as 'begin raise exception ''no''; end'`);
  await service.database.query(
    `create trigger refuse_event before insert on audit_event for each row
     when (new.kind in ('sessions_end', 'user_export')) execute function refuse_event()`,
  );
  try {
    expect((await operator.act(id, 'sign-out')).status).toBe(503);
    expect((await operator.act(id, 'export')).status).toBe(503);
  } finally {
    await service.database.query('drop trigger refuse_event on audit_event');
    await service.database.query('drop function refuse_event');
  }
  expect((await visitor.ask('/session')).status).toBe(200);
});
