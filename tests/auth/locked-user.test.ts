/** A locked user × every way in: none creates a session, and only the owner of a verified first factor learns of the lock. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { firstFactors } from '../../src/auth/first-factors.js';
import { createUsers, type Users } from '../../src/operator/users.js';
import { signInAs, signInElsewhere } from '../support/other-browser.js';
import {
  RedirectVisitor,
  startRedirectService,
  type RedirectService,
} from '../support/redirect-visitor.js';
import { Visitor, type Answer } from '../support/visitor.js';
import { createWaysIn, post, type Way, type WaysIn } from '../support/ways-in.js';
import { whileUserLocked } from '../support/while-user-locked.js';

const liftNothing = () => Promise.resolve(0);

let service: RedirectService;
let users: Users;
beforeAll(async () => {
  service = await startRedirectService({
    MAGIC_LINK: 'on',
    EMAIL_CODE: 'on',
    EMAIL_VERIFICATION: 'optional',
    DELETE_GRACE_DAYS: '7',
  });
  users = createUsers(service.orm, 30 * 86_400);
});
afterAll(() => service.stop());

let member: RedirectVisitor;
let ways: WaysIn;
let id: string;
beforeEach(async () => {
  member = new RedirectVisitor(service);
  expect((await member.signUp()).status).toBe(200);
  await service.mailsTo(member.email, 1);
  ways = createWaysIn(service, member, 1);
  await ways.proveAddress();
  id = (await users.find(member.email))?.id ?? '';
});

const sessionsOf = () => service.database.query('select 1 from session where user_id = $1', [id]);
const signIn = (password = member.password) => signInAs(new Visitor(service), member, password);
const refusal = {
  code: 'USER_LOCKED',
  message: 'This account is locked. Ask the administrator of this service.',
  reason: 'user_locked',
};

function expectRefused({ status, json, setCookies }: Answer): void {
  expect([status, json]).toEqual([403, expect.objectContaining(refusal)]);
  expect(setCookies.filter((line) => /session_token=[^;]/.test(line))).toEqual([]);
}

test('lock ends every session, and their cookies say why', async () => {
  const phone = await signInElsewhere(service, member);
  expect(await users.lock(id)).toBe(2);
  for (const browser of [member, phone]) {
    const { status, json } = await browser.ask('/session');
    expect([status, json?.reason]).toEqual([401, 'user_locked']);
    expect(json?.message).toMatch(/^An administrator locked this account on .* UTC\.$/);
    expect(json).not.toHaveProperty('ended.device');
  }
  expect((await users.find(member.email))?.lockedAt).toBeInstanceOf(Date);
});

describe.each(Object.keys(firstFactors).filter((path) => path !== '/sign-up/email'))(
  '%s',
  (path) => {
    test('creates no session for a locked user, and answers 403', async () => {
      await users.lock(id);
      const { browser, answer, landedAt } = await (ways.drivers[path] as () => Promise<Way>)();
      if (answer === undefined)
        expect(landedAt).toBe('http://localhost:3000/sorry?error=user_locked');
      else expectRefused(answer);
      expect(await sessionsOf()).toEqual([]);
      expect((await browser.ask('/session')).status).toBe(401);
      const line = await service.logLine(
        ({ path: at, outcome }) => at === `/api/auth${path}` && outcome === 'locked',
      );
      expect(line).toMatchObject({ userId: id });
    });
  },
);

test('a wrong password is refused as for anybody', async () => {
  await users.lock(id);
  const { status, json } = await signIn('not the password');
  expect([status, json?.code]).toEqual([401, 'INVALID_EMAIL_OR_PASSWORD']);
});

test('a reset does not lift the lock, and changes nothing', async () => {
  await users.lock(id);
  expectRefused((await (ways.drivers['/reset-password'] as () => Promise<Way>)()).answer as Answer);
  expect((await signIn(`${member.password} reset`)).status).toBe(401);
  await users.unlock(id, liftNothing);
  expect((await signIn()).status).toBe(200);
});

test('a sign-in that has begun before the lock creates no session', async () => {
  const lock = 'update "user" set locked_at = now() where id = $1';
  expectRefused(await whileUserLocked(service, member, lock, () => signIn()));
  expect(await sessionsOf()).toHaveLength(1); // the member's own, which that statement does not end
});

test('of many concurrent sign-ins none survives the lock', async () => {
  const signIns = Array.from({ length: 12 }, () => signIn());
  const locked = users.lock(id);
  const answers = await Promise.all(signIns);
  await locked;
  expect(await sessionsOf()).toEqual([]);
  for (const { status } of answers) expect([200, 403]).toContain(status);
});

test('a locked user does not call a scheduled deletion off', async () => {
  await service.database.query(
    `update "user" set delete_after = now() + interval '5 days', locked_at = now() where id = $1`,
    [id],
  );
  expectRefused(await signIn());
  expect((await users.find(member.email))?.deleteAfter).toBeInstanceOf(Date);
});

test('unlock lets the user sign in again; a second lock keeps the time of the first', async () => {
  await users.lock(id);
  const since = (await users.find(member.email))?.lockedAt;
  await users.lock(id);
  expect((await users.find(member.email))?.lockedAt).toEqual(since);
  expect(await users.unlock(id, liftNothing)).toEqual({ wasLocked: true, limitsLifted: 0 });
  expect(await users.unlock(id, liftNothing)).toEqual({ wasLocked: false, limitsLifted: 0 });
  expect((await signIn()).status).toBe(200);
});

test('neither get-session nor /session has the column', async () => {
  for (const path of ['/session', '/api/auth/get-session']) {
    expect((await member.ask(path)).text).not.toMatch(/locked/i);
  }
  const stock = await member.ask('/api/auth/get-session?disableCookieCache=true');
  expect(stock.text).not.toMatch(/locked/i);
  expect((await post(member, '/update-user', { lockedAt: new Date(), name: 'x' })).status).toBe(
    400,
  );
  expect((await users.find(member.email))?.lockedAt).toBeNull();
});
