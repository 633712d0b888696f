/** Passkeys and the rest of an account: the owner's mails, the last way in, and what ends all access. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  MailVisitor,
  startMailingService,
  type MailingService,
} from '../../support/mailed-link.js';
import { SoftwareAuthenticator } from '../../support/software-authenticator.js';
import type { TestService } from '../../support/test-service.js';
import { useVisitor } from '../../support/use-service.js';
import { Visitor } from '../../support/visitor.js';
import { enrol, paths, signIn } from './ceremony.js';

const userId = `(select id from "user" where email = $1)`;

describe('with mail', () => {
  let service: MailingService;
  let visitor: Visitor;
  let authenticator: SoftwareAuthenticator;
  beforeAll(async () => {
    service = await startMailingService({ PASSKEYS: 'on', MAGIC_LINK: 'on' });
  });
  afterAll(() => service.stop());
  beforeEach(async () => {
    visitor = new MailVisitor(service);
    expect((await visitor.signUp()).status).toBe(200);
    authenticator = new SoftwareAuthenticator();
  });

  test('the owner gets a mail when a passkey is added and when one is removed', async () => {
    const id = (await enrol(visitor, authenticator)).json?.id;
    const [added] = await service.mailsTo(visitor.email);
    expect(added?.subject).toBe('A passkey was added to your account');
    expect((await visitor.ask(paths.remove, { body: { id } })).status).toBe(200);
    const mails = await service.mailsTo(visitor.email, 2);
    expect(mails.map(({ subject }) => subject)).toContain(
      'A passkey was removed from your account',
    );
  });

  test('"That was not me" removes the passkeys with all other access', async () => {
    await enrol(visitor, authenticator);
    const token = await service.tokenFor(visitor.email);
    const answer = await new Visitor(service).ask('/api/auth/security-notices/not-me', {
      body: { token },
    });
    expect(answer.status, answer.text).toBe(200);
    const refused = await signIn(new Visitor(service), authenticator);
    expect(refused.json?.reason).toBe('passkey_unknown');
  });

  test('the first proof of an address removes the passkey of a stranger who signed up with it', async () => {
    await enrol(visitor, authenticator);
    const owner = new MailVisitor(service);
    await owner.ask('/api/auth/sign-in/magic-link', { body: { email: visitor.email } });
    const mails = await service.mailsTo(visitor.email, 2);
    const link = mails.map(({ text }) => /#magic_link=([\w-]+)/.exec(text ?? '')?.[1]);
    const token = link.find((one) => one !== undefined);
    const answer = await owner.ask('/api/auth/magic-link/verify', { body: { token } });
    expect(answer.status, answer.text).toBe(200);
    const refused = await signIn(new Visitor(service), authenticator);
    expect(refused.json?.reason).toBe('passkey_unknown');
  });

  test('a reset of a verified account keeps the passkeys, of an unverified one removes them', async () => {
    for (const isVerified of [true, false]) {
      const person = new MailVisitor(service);
      await person.signUp();
      const device = new SoftwareAuthenticator();
      await enrol(person, device);
      await service.database.query(`update "user" set email_verified = $2 where email = $1`, [
        person.email,
        isVerified,
      ]);
      await person.ask('/api/auth/request-password-reset', { body: { email: person.email } });
      const mails = await service.mailsTo(person.email, 2);
      const token = mails
        .map(({ text }) => /#reset_password=([\w-]+)/.exec(text ?? '')?.[1])
        .find((one) => one !== undefined);
      const newPassword = 'another correct horse battery';
      const reset = await person.ask('/api/auth/reset-password', { body: { token, newPassword } });
      expect(reset.status, reset.text).toBe(200);
      const { status } = await signIn(new Visitor(service), device);
      expect(status).toBe(isVerified ? 200 : 401);
    }
  });

  test('the last passkey may go where mail signs in', async () => {
    const id = (await enrol(visitor, authenticator)).json?.id;
    await service.database.query(`delete from account where user_id = ${userId}`, [visitor.email]);
    expect((await visitor.ask(paths.remove, { body: { id } })).status).toBe(200);
  });
});

describe('without mail', () => {
  let service: TestService;
  let visitor: Visitor;
  let authenticator: SoftwareAuthenticator;
  useVisitor((started) => ({ service, visitor } = started), {
    env: {
      PASSKEYS: 'on',
      GITHUB_CLIENT_ID: 'Iv1.8a61f9b3a7aba766',
      GITHUB_CLIENT_SECRET: 'a-client-secret-of-github',
    },
  });
  beforeEach(() => {
    authenticator = new SoftwareAuthenticator();
  });

  const removePassword = () =>
    service.database.query(`delete from account where user_id = ${userId}`, [visitor.email]);

  test('the last way in cannot be removed, also by two requests at once', async () => {
    const first = (await enrol(visitor, authenticator)).json?.id;
    const second = (await enrol(visitor, new SoftwareAuthenticator())).json?.id;
    await removePassword();
    const answers = await Promise.all(
      [first, second].map((id) => visitor.ask(paths.remove, { body: { id } })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused?.json).toMatchObject({
      code: 'PASSKEY_LAST_WAY_IN',
      reason: 'passkey_last_way_in',
    });
    expect((await visitor.ask(paths.list)).json).toHaveLength(1);
  });

  test('with a password the last passkey may go, and the session is of level 1 then', async () => {
    const level = async () =>
      ((await visitor.ask('/session')).json?.session as { aal?: number } | undefined)?.aal;
    const id = (await enrol(visitor, authenticator)).json?.id;
    const last = (await enrol(visitor, new SoftwareAuthenticator())).json?.id;
    expect((await visitor.ask(paths.remove, { body: { id } })).status).toBe(200);
    expect(await level()).toBe(2);
    expect((await visitor.ask(paths.remove, { body: { id: last } })).status).toBe(200);
    expect(await level()).toBe(1);
  });

  test('a login at a provider that is not configured is no way in', async () => {
    const id = (await enrol(visitor, authenticator)).json?.id;
    await service.database.query(
      `update account set provider_id = 'google', password = null where user_id = ${userId}`,
      [visitor.email],
    );
    expect((await visitor.ask(paths.remove, { body: { id } })).status).toBe(409);
  });

  test('a passkey is a way in when the last login is unlinked', async () => {
    const id = (await enrol(visitor, authenticator)).json?.id;
    await service.database.query(
      `update account set provider_id = 'github', password = null where user_id = ${userId}`,
      [visitor.email],
    );
    const [login] = (await visitor.ask('/api/auth/list-accounts')).json as unknown as {
      id: string;
    }[];
    const body = { accountId: login?.id };
    expect((await visitor.ask('/api/auth/unlink-account', { body })).status).toBe(200);
    expect((await visitor.ask(paths.remove, { body: { id } })).status).toBe(409);
  });

  test('an account with only a login cannot unlink it', async () => {
    await service.database.query(
      `update account set provider_id = 'github', password = null where user_id = ${userId}`,
      [visitor.email],
    );
    const [login] = (await visitor.ask('/api/auth/list-accounts')).json as unknown as {
      id: string;
    }[];
    const body = { accountId: login?.id };
    expect((await visitor.ask('/api/auth/unlink-account', { body })).status).toBe(400);
  });

  test('deleting the account deletes its passkeys and its handle', async () => {
    await enrol(visitor, authenticator);
    const { password } = visitor;
    const answer = await visitor.ask('/api/auth/delete-user', { body: { password } });
    expect(answer.status, answer.text).toBe(200);
    const [left] = await service.database.query(
      `select (select count(*)::int from passkey where credential_id = $1) as passkeys,
         (select count(*)::int from passkey_user where handle = $2) as handles`,
      [authenticator.credentials[0]?.id, authenticator.credentials[0]?.userHandle],
    );
    expect(left).toEqual({ passkeys: 0, handles: 0 });
  });

  test('a sign-in lifts the pauses of the account', async () => {
    await enrol(visitor, authenticator);
    const { email } = visitor;
    const guess = () =>
      visitor.ask('/api/auth/sign-in/email', { body: { email, password: 'a wrong password' } });
    let status = 0;
    for (let n = 0; n < 30 && status !== 429; n += 1) ({ status } = await guess());
    expect(status).toBe(429);
    expect((await signIn(visitor, authenticator)).status).toBe(200);
    expect((await visitor.signIn()).status).toBe(200);
  });
});
