/** The owner of the old mailbox undoes a change of the address, which ends everybody's access until a new password is set. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  linkIn,
  MailVisitor,
  startMailingService,
  type MailingService,
} from '../../support/mailed-link.js';
import type { Visitor } from '../../support/visitor.js';
import { changeAddress, newAddress, requestChange, verifyPath } from './change.js';

const newPassword = 'another-good-password-42';

let service: MailingService;
beforeAll(async () => {
  service = await startMailingService({ CHANGE_EMAIL: 'on' });
});
afterAll(() => service.stop());

const undo = (token: string) =>
  new MailVisitor(service).ask('/api/auth/change-email/undo', { body: { token } });

const reset = (token: unknown) =>
  new MailVisitor(service).ask('/api/auth/reset-password', { body: { token, newPassword } });

const signIn = (email: string, password: string) =>
  new MailVisitor(service).ask('/api/auth/sign-in/email', { body: { email, password } });

/** A user whose address was changed, and the token that undoes it. */
async function changedUser(): Promise<{ owner: Visitor; to: string; token: string }> {
  const owner = new MailVisitor(service);
  await owner.signUp();
  const to = newAddress();
  await changeAddress(service, owner, to);
  return { owner, to, token: await service.tokenFor(owner.email) };
}

async function storedUser(email: string) {
  const [row] = await service.database.query<{ id: string }>(
    `select id from "user" where email = $1`,
    [email],
  );
  return row?.id;
}

test('the address is back, all sessions and trusted devices end, and the password works again only after a reset', async () => {
  const { owner, to, token } = await changedUser();
  const device = new MailVisitor(service);
  await device.ask('/api/auth/sign-in/email', { body: { email: to, password: owner.password } });
  await service.database.query(
    `insert into verification (id, identifier, value, expires_at)
     select 'device-' || id, 'trust-device-' || id, id, now() + interval '1 day' from "user" where email = $1`,
    [to],
  );
  await service.database.query(
    `insert into account (id, account_id, provider_id, user_id)
     select 'planted-' || id, id, 'github', id from "user" where email = $1`,
    [to],
  );
  const answer = await undo(token);
  expect(answer.status).toBe(200);
  expect(answer.json).toEqual({ status: true, resetToken: expect.any(String) as string });
  expect(answer.setCookies).toEqual([]);
  for (const visitor of [owner, device]) expect((await visitor.ask('/session')).status).toBe(401);
  const id = await storedUser(owner.email);
  const left = await service.database.query('select 1 from verification where value = $1', [id]);
  expect(left).toEqual([]);
  const providers = 'select provider_id from account where user_id = $1';
  expect(await service.database.query(providers, [id])).toEqual([{ provider_id: 'credential' }]);
  for (const email of [owner.email, to]) {
    expect((await signIn(email, owner.password)).json?.code).toBe('INVALID_EMAIL_OR_PASSWORD');
  }
  expect((await reset(answer.json?.resetToken)).status).toBe(200);
  expect((await signIn(owner.email, newPassword)).status).toBe(200);
  expect((await signIn(owner.email, owner.password)).status).toBe(401);
});

test('it also ends links that were mailed to the new address', async () => {
  const { to, owner, token } = await changedUser();
  await new MailVisitor(service).ask('/api/auth/request-password-reset', { body: { email: to } });
  const resetToken = await service.tokenFor(to, 2);
  await requestChange(owner, newAddress());
  expect((await undo(token)).status).toBe(200);
  expect((await reset(resetToken)).json?.code).toBe('LINK_REPLACED');
});

test('it also calls off a scheduled deletion, whether or not the reset follows', async () => {
  const { owner, token } = await changedUser();
  await service.database.query(
    `update "user" set delete_after = now() + interval '1 day' where email <> $1`,
    [owner.email],
  );
  const answer = await undo(token);
  const scheduled = 'select delete_after from "user" where email = $1';
  expect(await service.database.query(scheduled, [owner.email])).toEqual([{ delete_after: null }]);
  const signedIn = await reset(answer.json?.resetToken);
  expect(signedIn.json).toMatchObject({ user: { email: owner.email } });
});

test('of eight concurrent redeems one succeeds; afterwards the link is used', async () => {
  const { token } = await changedUser();
  const answers = await Promise.all(Array.from({ length: 8 }, () => undo(token)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(7).fill(400)]);
  expect((await undo(token)).json?.code).toBe('LINK_USED');
});

test('after two changes the link of the first goes back to the first address and ends that of the second', async () => {
  const { owner, to, token: first } = await changedUser();
  await changeAddress(service, owner, newAddress());
  const second = linkIn((await service.mailsTo(to, 2)).at(-1)).token;
  expect((await undo(first)).status).toBe(200);
  expect(await storedUser(owner.email)).toBeDefined();
  expect((await undo(second)).json?.code).toBe('LINK_REPLACED');
});

test('the link of the second change leaves that of the first valid: a thief cannot use it against the owner', async () => {
  const { owner, to, token: first } = await changedUser();
  await changeAddress(service, owner, newAddress());
  const second = linkIn((await service.mailsTo(to, 2)).at(-1)).token;
  expect((await undo(second)).status).toBe(200);
  expect(await storedUser(to)).toBeDefined();
  expect((await undo(first)).status).toBe(200);
  expect(await storedUser(owner.email)).toBeDefined();
});

test('a password reset by the new mailbox does not end the owner’s way back', async () => {
  const { owner, to, token } = await changedUser();
  await new MailVisitor(service).ask('/api/auth/request-password-reset', { body: { email: to } });
  expect((await reset(await service.tokenFor(to, 2))).status).toBe(200);
  expect((await undo(token)).status).toBe(200);
  expect((await signIn(owner.email, newPassword)).status).toBe(401);
});

test('an account with the old address: 409 with what to do, nothing changes, and the link works once that is done', async () => {
  const { owner, to, token } = await changedUser();
  const squatter = new MailVisitor(service);
  const body = { name: 'B', email: owner.email, password: newPassword };
  await squatter.ask('/api/auth/sign-up/email', { body });
  const answer = await undo(token);
  expect([answer.status, answer.json?.code]).toEqual([409, 'PREVIOUS_EMAIL_TAKEN']);
  expect(await storedUser(to)).toBeDefined();
  expect((await owner.ask('/session')).status).toBe(200);
  await squatter.ask('/api/auth/delete-user', { body: { password: newPassword } });
  expect((await undo(token)).status).toBe(200);
});

test.each([
  ['LINK_EXPIRED', "expires_at = now() - interval '1 second'"],
  ['LINK_REPLACED', 'replaced_at = now()'],
])('a link is refused as %s', async (code, change) => {
  const { owner, to, token } = await changedUser();
  await service.database.query(`update mailed_link set ${change} where email = $1`, [owner.email]);
  expect((await undo(token)).json?.code).toBe(code);
  expect(await storedUser(to)).toBeDefined();
});

test('a token of another purpose is unknown, and so is one whose account was deleted', async () => {
  const { owner, token } = await changedUser();
  const other = await new MailVisitor(service).ask(verifyPath, { body: { token } });
  expect(other.json?.code).toBe('LINK_UNKNOWN');
  await owner.ask('/api/auth/delete-user', { body: { password: owner.password } });
  expect((await undo(token)).json?.code).toBe('LINK_UNKNOWN');
});
