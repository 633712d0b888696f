/** Which account a login belongs to, and that nobody gets into another person's. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../../support/until.js';
import {
  newVerifier,
  RedirectVisitor,
  startRedirectService,
  type RedirectService,
} from '../../support/redirect-visitor.js';
import type { Answer } from '../../support/visitor.js';

let service: RedirectService;
beforeAll(async () => {
  service = await startRedirectService({ EMAIL_VERIFICATION: 'optional', MAGIC_LINK: 'on' });
});
afterAll(() => service.stop());
beforeEach(() => {
  service.provider.bends = {};
});

const newVisitor = () => new RedirectVisitor(service);
const loginsOf = async (email: string) => {
  const rows = await service.database.query(
    'select a.provider_id from account a join "user" u on u.id = a.user_id where u.email = $1 order by 1',
    [email],
  );
  return rows.map((row) => row.provider_id);
};
const countOf = async (email: string) =>
  (await service.database.query('select 1 from "user" where email = $1', [email])).length;

/** An account with a password whose address is proven. */
async function provenOwner(): Promise<RedirectVisitor> {
  const owner = newVisitor();
  await owner.signUp();
  const token = await service.tokenFor(owner.email);
  expect((await owner.ask('/api/auth/verify-email', { body: { token } })).status).toBe(200);
  return owner;
}

/** A browser of its own with the same address at the provider. */
function otherBrowser({ email }: RedirectVisitor): RedirectVisitor {
  return new RedirectVisitor(service, { email });
}

/** Arrived at the page with a code. */
async function arrive(visitor: RedirectVisitor, person = visitor.person) {
  const { verifier, challenge } = newVerifier();
  const { code } = await visitor.walk(challenge, person);
  const extra = (fields: object) => ({ code, code_verifier: verifier, ...fields });
  return {
    redeem: (fields: object = {}) => visitor.redeem(code, verifier, fields),
    prove: (fields: object = {}) =>
      visitor.ask('/api/auth/redirect/prove', { body: extra(fields) }),
  };
}

const confirm = (visitor: RedirectVisitor, token: string, fields: object = {}): Promise<Answer> =>
  visitor.ask('/api/auth/redirect/confirm', { body: { token, ...fields } });

describe('both sides have proven the address', () => {
  test('the login is linked, the owner gets a mail, and the password stays', async () => {
    const owner = await provenOwner();
    const browser = otherBrowser(owner);
    const answer = await browser.signInWithProvider();
    expect(answer.json).toMatchObject({ user: { email: owner.email } });
    expect(await loginsOf(owner.email)).toEqual(['credential', 'test']);
    const mails = await service.mailsTo(owner.email, 2);
    expect(mails.at(-1)?.subject).toBe('Test ID can now sign in to your account');
    expect((await owner.signIn()).status).toBe(200);
  });

  test('"That was not me" removes the login too', async () => {
    const owner = await provenOwner();
    const thief = otherBrowser(owner);
    await thief.signInWithProvider();
    const token = await service.tokenFor(owner.email, 2);
    const answer = await owner.ask('/api/auth/security-notices/not-me', { body: { token } });
    expect(answer.status).toBe(200);
    expect((await thief.ask('/session')).status).toBe(401);
    expect(await loginsOf(owner.email)).not.toContain('test');
  });
});

describe('the account has not proven its address', () => {
  test('the password of the account links the login', async () => {
    const visitor = newVisitor();
    await visitor.signUp();
    const browser = otherBrowser(visitor);
    const { redeem } = await arrive(browser);
    expect((await redeem()).json).toMatchObject({ reason: 'account_exists_with_password' });
    const { email, password } = visitor;
    await browser.ask('/api/auth/sign-in/email', { body: { email, password } });
    // Only when the page asks for it.
    expect((await redeem()).json).toMatchObject({ reason: 'account_exists_with_password' });
    expect((await redeem({ link: true })).json).toMatchObject({ linked: true });
    expect(await loginsOf(visitor.email)).toEqual(['credential', 'test']);
    expect((await browser.ask('/session')).status).toBe(200);
  });

  test('a session from before the redirect proves nothing', async () => {
    const planter = newVisitor();
    await planter.signUp();
    const { redeem } = await arrive(planter);
    expect((await redeem({ link: true })).json).toMatchObject({
      reason: 'account_exists_with_password',
    });
  });

  test('planted account: the owner gets in by mail, and what was planted goes', async () => {
    const planter = newVisitor();
    await planter.signUp();
    const owner = otherBrowser(planter);
    const { redeem, prove } = await arrive(owner);
    expect((await redeem()).json).toMatchObject({ reason: 'account_exists_with_password' });
    expect((await prove()).json).toEqual({ status: true });
    const token = await service.tokenFor(planter.email, 2);
    expect((await confirm(owner, token)).json).toMatchObject({ user: { emailVerified: true } });
    expect(await loginsOf(planter.email)).toEqual(['test']);
    expect((await planter.ask('/session')).status).toBe(401);
    expect((await planter.signIn()).status).toBe(401);
    expect((await owner.ask('/session')).status).toBe(200);
  });
});

describe('the provider does not vouch for the address', () => {
  test('a stranger’s login under the address of another person gets nothing', async () => {
    const owner = await provenOwner();
    const stranger = new RedirectVisitor(service, { email: owner.email, email_verified: false });
    const { redeem, prove } = await arrive(stranger);
    const refused = await redeem();
    expect(refused.json).toMatchObject({ reason: 'email_unverified' });
    // The same for an address without an account.
    const nobody = new RedirectVisitor(service, { email_verified: false });
    const unknown = await (await arrive(nobody)).redeem();
    const of = ({ json }: Answer) => ({
      ...json,
      requestId: undefined,
      next: { ...(json?.next as object), address: undefined },
    });
    expect(of(refused)).toEqual(of(unknown));
    // The mail goes to the owner; the stranger's browser cannot redeem what it does not get.
    await prove();
    const token = await service.tokenFor(owner.email, 2);
    // Not even in a browser with a session of the account: the owner's click must not link the stranger's login.
    const clicked = await confirm(owner, token);
    expect([clicked.status, clicked.json?.code]).toEqual([403, 'LINK_WRONG_BROWSER']);
    expect(await loginsOf(owner.email)).toEqual(['credential']);
    expect((await stranger.ask('/session')).status).toBe(401);
    expect((await stranger.signInWithProvider()).json).toMatchObject({
      reason: 'email_unverified',
    });
  });

  test('the owner’s click in another browser links nothing', async () => {
    const owner = await provenOwner();
    await owner.signOut();
    const stranger = new RedirectVisitor(service, { email: owner.email, email_verified: false });
    await (await arrive(stranger)).prove();
    const token = await service.tokenFor(owner.email, 2);
    const answer = await confirm(newVisitor(), token);
    expect([answer.status, answer.json?.code]).toEqual([403, 'LINK_WRONG_BROWSER']);
    expect(await loginsOf(owner.email)).toEqual(['credential']);
  });

  test('a new person proves it by mail: account and login in one step', async () => {
    const visitor = new RedirectVisitor(service, { email_verified: false, name: 'Ada' });
    const { redeem, prove } = await arrive(visitor);
    expect((await redeem()).json).toMatchObject({ reason: 'email_unverified' });
    expect(await countOf(visitor.email)).toBe(0);
    await prove();
    const token = await service.tokenFor(visitor.email);
    const answers = await Promise.all(Array.from({ length: 8 }, () => confirm(visitor, token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([
      200,
      ...Array<number>(7).fill(400),
    ]);
    expect(await loginsOf(visitor.email)).toEqual(['test']);
    expect((await visitor.signInWithProvider()).status).toBe(200);
  });

  test('both orders: an unverified login first, then the owner’s password account', async () => {
    const stranger = new RedirectVisitor(service, { email_verified: false });
    await (await arrive(stranger)).redeem();
    const owner = newVisitor();
    Object.assign(owner, { email: stranger.email });
    expect((await owner.signUp()).status).toBe(200);
    expect((await (await arrive(stranger)).redeem()).json).toMatchObject({
      reason: 'email_unverified',
    });
    expect(await loginsOf(owner.email)).toEqual(['credential']);
  });
});

test('a provider without an address: the visitor enters one and proves it', async () => {
  const visitor = new RedirectVisitor(service, { sub: 'private-person', email: undefined });
  const { redeem, prove } = await arrive(visitor);
  expect((await redeem()).json).toMatchObject({
    reason: 'email_missing',
    next: { email: true, mail: true },
  });
  expect((await prove()).json).toMatchObject({ reason: 'email_missing' });
  expect((await prove({ email: 'no address' })).status).toBe(400);
  expect((await prove({ email: visitor.email.toUpperCase() })).status).toBe(200);
  const token = await service.tokenFor(visitor.email);
  expect((await confirm(visitor, token)).json).toMatchObject({ user: { email: visitor.email } });
  // From now on the login alone is enough.
  expect((await visitor.signInWithProvider()).json).toMatchObject({
    user: { email: visitor.email },
  });
});

describe('linking while signed in', () => {
  const ticketOf = async (visitor: RedirectVisitor, challenge: string) =>
    (await visitor.ask('/api/auth/redirect/ticket', { body: { code_challenge: challenge } })).json
      ?.ticket as string;

  test('any login, whatever its address: the session goes on', async () => {
    const owner = await provenOwner();
    const { verifier, challenge } = newVerifier();
    const ticket = await ticketOf(owner, challenge);
    const person = { sub: `linked-${owner.email}`, email: 'other@example.com' };
    const { code } = await owner.walk(challenge, person, { ticket });
    const before = owner.sessionCookie;
    expect((await owner.redeem(code, verifier)).json).toMatchObject({ linked: true });
    expect((await owner.ask('/session')).status).toBe(200);
    expect(before).not.toBe('');
    expect((await newVisitor().signInWithProvider(person)).json).toMatchObject({
      user: { email: owner.email },
    });
    const listed = await owner.ask('/api/auth/list-accounts');
    expect(listed.text).toContain('"providerId":"test"');
    expect(listed.text).not.toMatch(/token/i);
  });

  test('a ticket is of no use with another challenge', async () => {
    const owner = await provenOwner();
    const ticket = await ticketOf(owner, newVerifier().challenge);
    const { challenge } = newVerifier();
    expect(await newVisitor().walk(challenge, {}, { ticket })).toMatchObject({
      error: 'ticket_invalid',
    });
  });

  test('"That was not me" during the redeem: nothing is linked', async () => {
    const owner = await provenOwner();
    const { verifier, challenge } = newVerifier();
    const ticket = await ticketOf(owner, challenge);
    const { code = '' } = await owner.walk(challenge, { sub: `race-${owner.email}` }, { ticket });
    // The redeem has read the session and waits for the row of the flow, while all sessions end.
    const blocker = await service.pool.connect();
    await blocker.query('begin');
    await blocker.query('select 1 from redirect_flow where code_hash = $1 for update', [
      createHash('sha256').update(code).digest('base64url'),
    ]);
    const redeeming = owner.redeem(code, verifier);
    await until(async () => {
      const waiting = await service.database.query(
        `select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%redirect_flow%'`,
      );
      return waiting.length > 0;
    });
    await service.database.query(
      'delete from session where user_id = (select id from "user" where email = $1)',
      [owner.email],
    );
    await blocker.query('commit');
    blocker.release();
    expect((await redeeming).json).toMatchObject({ reason: 'session_missing' });
    expect(await loginsOf(owner.email)).toEqual(['credential']);
  });

  test('an old session must prove itself first', async () => {
    const owner = await provenOwner();
    await service.database.query(
      `update session set proven_at = now() - interval '11 minutes' where user_id = (select id from "user" where email = $1)`,
      [owner.email],
    );
    const answer = await owner.ask('/api/auth/redirect/ticket', {
      body: { code_challenge: newVerifier().challenge },
    });
    expect([answer.status, answer.json?.code]).toEqual([403, 'SESSION_NOT_FRESH']);
    const stock = await owner.ask('/api/auth/link-social', { body: { provider: 'test' } });
    expect([stock.status, stock.json?.code]).toEqual([403, 'SESSION_NOT_FRESH']);
  });

  test('unlinking keeps one way in, also of two requests at once', async () => {
    const visitor = newVisitor();
    await visitor.signInWithProvider();
    const idsOf = async () => {
      const { json } = await visitor.ask('/api/auth/list-accounts');
      return (json as unknown as { id: string }[]).map(({ id }) => id);
    };
    const unlinkAll = async () =>
      Promise.all(
        (await idsOf()).map((accountId) =>
          visitor.ask('/api/auth/unlink-account', { body: { accountId } }),
        ),
      );
    const [refused] = await unlinkAll();
    expect([refused?.status, refused?.json?.code]).toEqual([400, 'FAILED_TO_UNLINK_LAST_ACCOUNT']);
    const { verifier, challenge } = newVerifier();
    const ticket = await ticketOf(visitor, challenge);
    const { code } = await visitor.walk(challenge, { sub: `second-${visitor.email}` }, { ticket });
    await visitor.redeem(code, verifier);
    expect(await idsOf()).toHaveLength(2);
    expect((await unlinkAll()).map(({ status }) => status).sort()).toEqual([200, 400]);
    expect(await loginsOf(visitor.email)).toEqual(['test']);
  });

  test('a password cannot be unlinked, and the owner hears of a login that is', async () => {
    const owner = await provenOwner();
    await otherBrowser(owner).signInWithProvider();
    const { json } = await owner.ask('/api/auth/list-accounts');
    const accounts = json as unknown as { id: string; providerId: string }[];
    const unlink = (provider: string) =>
      owner.ask('/api/auth/unlink-account', {
        body: { accountId: accounts.find(({ providerId }) => providerId === provider)?.id },
      });
    expect((await unlink('credential')).json?.code).toBe('ACCOUNT_NOT_FOUND');
    expect((await unlink('test')).status).toBe(200);
    const mails = await service.mailsTo(owner.email, 3);
    expect(mails.at(-1)?.subject).toBe('Test ID no longer signs in to your account');
    const line = await service.logLine(({ outcome }) => outcome === 'login_unlinked');
    expect(line).toMatchObject({ userId: expect.any(String) as string });
  });

  test('a login at a provider that is not configured any more is no way in', async () => {
    const visitor = newVisitor();
    const signedUp = await visitor.signInWithProvider();
    const { id } = signedUp.json?.user as { id: string };
    await service.database.query(
      `insert into account (id, account_id, provider_id, user_id) values ($1, '1', 'gone', $1)`,
      [id],
    );
    const { json } = await visitor.ask('/api/auth/list-accounts');
    const accounts = json as unknown as { id: string; providerId: string }[];
    const accountId = accounts.find(({ providerId }) => providerId === 'test')?.id;
    const answer = await visitor.ask('/api/auth/unlink-account', { body: { accountId } });
    expect(answer.json?.code).toBe('FAILED_TO_UNLINK_LAST_ACCOUNT');
  });

  test('a login of another account cannot be unlinked', async () => {
    const owner = newVisitor();
    await owner.signInWithProvider();
    const { json } = await owner.ask('/api/auth/list-accounts');
    const [{ id: accountId } = { id: '' }] = json as unknown as { id: string }[];
    const stranger = await provenOwner();
    const answer = await stranger.ask('/api/auth/unlink-account', { body: { accountId } });
    expect([answer.status, answer.json?.code]).toEqual([400, 'ACCOUNT_NOT_FOUND']);
    expect(await loginsOf(owner.email)).toEqual(['test']);
  });
});

test('eight redeems at once: one session', async () => {
  const visitor = newVisitor();
  const { redeem } = await arrive(visitor);
  const answers = await Promise.all(Array.from({ length: 8 }, () => redeem()));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(7).fill(400)]);
  const sessions = await service.database.query(
    'select 1 from session s join "user" u on u.id = s.user_id where u.email = $1',
    [visitor.email],
  );
  expect(sessions).toHaveLength(1);
});

test('eight tabs of a new person at once: one account, all signed in', async () => {
  const email = newVisitor().email;
  const tabs = await Promise.all(
    Array.from({ length: 8 }, () => arrive(new RedirectVisitor(service, { email }))),
  );
  const answers = await Promise.all(tabs.map(({ redeem }) => redeem()));
  expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
  expect(await countOf(email)).toBe(1);
  expect(await loginsOf(email)).toEqual(['test']);
});

test('the second of two browsers that confirm one login signs in too', async () => {
  const first = new RedirectVisitor(service, { email_verified: false });
  const second = new RedirectVisitor(service, { email: first.email, email_verified: false });
  await (await arrive(first)).prove();
  const firstToken = await service.tokenFor(first.email);
  await (await arrive(second, { ...second.person, email: first.email })).prove();
  const secondToken = await service.tokenFor(first.email, 2);
  expect((await confirm(first, firstToken)).json).toMatchObject({ newUser: true });
  expect((await confirm(second, secondToken)).json).toMatchObject({
    user: { email: first.email },
  });
  expect(await loginsOf(first.email)).toEqual(['test']);
  // The owner of a new account gets no mail about a linked login.
  const subjects = (await service.mailsTo(first.email, 2)).map(({ subject }) => subject);
  expect(subjects).toEqual(Array<string>(2).fill('Confirm your e-mail address'));
});

test('a code that needs no proof is not mailed about', async () => {
  const { prove } = await arrive(newVisitor());
  expect((await prove()).json?.code).toBe('REDIRECT_PROOF_NOT_NEEDED');
});
