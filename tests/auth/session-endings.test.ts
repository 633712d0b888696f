/** Every way a session can end × the reason that a check of its cookie answers afterwards. */
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sweep } from '../../src/db/sweep.js';
import { createUsers, type Users } from '../../src/operator/users.js';
import type { EndReason } from '../../src/session/reasons.js';
import { tokenFingerprint } from '../../src/session/signed-token.js';
import { MailVisitor, startMailingService, type MailingService } from '../support/mailed-link.js';
import { signInAs } from '../support/other-browser.js';
import { Visitor, type Answer } from '../support/visitor.js';

const days = (n: number) => n * 86_400_000;
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

let service: MailingService;
let users: Users;
beforeAll(async () => {
  service = await startMailingService({
    BEARER_TOKENS: 'on',
    CHANGE_EMAIL: 'on',
    DELETE_GRACE_DAYS: '0',
    EMAIL_VERIFICATION: 'optional',
    MAGIC_LINK: 'on',
  });
  users = createUsers(service.orm, 30 * 86_400);
});
afterAll(() => service.stop());

/** The session that ends, and the browser that ends it from elsewhere. */
let owner: MailVisitor;
let phone: MailVisitor;
let id: string;
let cookie: string;
beforeEach(async () => {
  owner = new MailVisitor(service);
  expect((await owner.signUp()).status).toBe(200);
  await service.mailsTo(owner.email, 1);
  id = (await users.find(owner.email))?.id ?? '';
  await query('update "user" set email_verified = true where id = $1');
  phone = new MailVisitor(service);
  expect((await signInAs(phone, owner)).status).toBe(200);
  cookie = `better-auth.session_token=${owner.sessionCookie}`;
});

const query = (statement: string) => service.database.query(statement, [id]);
const post = (browser: Visitor, path: string, body: object = {}) =>
  browser.ask(`/api/auth${path}`, { body, headers: { 'user-agent': firefox } });
const check = (headers: Record<string, string> = { cookie }, path = '/session'): Promise<Answer> =>
  new Visitor(service).ask(path, { headers });
const tokenOf = (browser: Visitor) => decodeURIComponent(browser.sessionCookie).split('.')[0] ?? '';
const age = (byDays: number, ofCreation = 0) =>
  query(
    `update session set expires_at = expires_at - interval '${byDays} days',
       created_at = created_at - interval '${ofCreation} days' where user_id = $1`,
  );

async function linkFor(browser: Visitor, path: string, body: object, count: number) {
  expect((await post(browser, path, body)).status).toBe(200);
  return service.tokenFor(owner.email, count);
}

async function expectDone(answer: Promise<Answer>): Promise<void> {
  const { status, text } = await answer;
  expect(status, text).toBe(200);
}

interface Way {
  readonly reason: EndReason;
  readonly end: () => Promise<unknown>;
  /** Whether a request ended it, whose browser is remembered. */
  readonly fromBrowser?: boolean;
}

const ways: Readonly<Record<string, Way>> = {
  'sign-out': {
    reason: 'session_signed_out',
    end: () => expectDone(post(owner, '/sign-out')),
    fromBrowser: true,
  },
  'sign-out with a damaged cookie': {
    reason: 'session_signed_out',
    end: () =>
      expectDone(
        owner.ask('/api/auth/sign-out', {
          body: {},
          headers: {
            cookie: cookie.replace(/=(.*)$/, (_, value: string) => `=${encodeURIComponent(value)}`),
            'user-agent': firefox,
          },
        }),
      ),
    fromBrowser: true,
  },
  'revoke-session from elsewhere': {
    reason: 'session_revoked',
    end: () => expectDone(post(phone, '/revoke-session', { token: tokenOf(owner) })),
    fromBrowser: true,
  },
  'revoke-sessions': {
    reason: 'session_revoked',
    end: () => expectDone(post(phone, '/revoke-sessions')),
    fromBrowser: true,
  },
  'revoke-other-sessions': {
    reason: 'session_revoked',
    end: () => expectDone(post(phone, '/revoke-other-sessions')),
    fromBrowser: true,
  },
  'another sign-in in the same browser': {
    reason: 'session_replaced',
    end: () => {
      const { email, password } = owner;
      return expectDone(post(owner, '/sign-in/email', { email, password }));
    },
    fromBrowser: true,
  },
  'a magic link in the same browser': {
    reason: 'session_replaced',
    end: async () => {
      const token = await linkFor(owner, '/sign-in/magic-link', { email: owner.email }, 2);
      await expectDone(post(owner, '/magic-link/verify', { token }));
    },
    fromBrowser: true,
  },
  'a step-up, which replaces the token': {
    reason: 'session_replaced',
    end: () => expectDone(post(owner, '/step-up', { password: owner.password })),
    fromBrowser: true,
  },
  'change-password elsewhere': {
    reason: 'session_ended_by_password_change',
    end: () =>
      expectDone(
        post(phone, '/change-password', {
          currentPassword: owner.password,
          newPassword: `${owner.password} 2`,
        }),
      ),
    fromBrowser: true,
  },
  'change-password in the same browser, which renews the session': {
    reason: 'session_ended_by_password_change',
    end: () =>
      expectDone(
        post(owner, '/change-password', {
          currentPassword: owner.password,
          newPassword: `${owner.password} 2`,
        }),
      ),
    fromBrowser: true,
  },
  'a reset of the password': {
    reason: 'session_ended_by_reset',
    end: async () => {
      const { email } = owner;
      const token = await linkFor(phone, '/request-password-reset', { email }, 2);
      const newPassword = `${owner.password} 3`;
      await expectDone(post(phone, '/reset-password', { token, newPassword }));
    },
    fromBrowser: true,
  },
  'the first proof of an address that somebody else may have registered': {
    reason: 'session_revoked',
    end: async () => {
      await query('update "user" set email_verified = false where id = $1');
      const browser = new MailVisitor(service);
      const token = await linkFor(browser, '/sign-in/magic-link', { email: owner.email }, 2);
      await expectDone(post(browser, '/magic-link/verify', { token }));
    },
    fromBrowser: true,
  },
  '"That was not me"': {
    reason: 'session_revoked',
    end: async () => {
      const passwords = { currentPassword: owner.password, newPassword: `${owner.password} 4` };
      const body = { ...passwords, revokeOtherSessions: false };
      const token = await linkFor(phone, '/change-password', body, 2);
      await expectDone(post(new MailVisitor(service), '/security-notices/not-me', { token }));
    },
    fromBrowser: true,
  },
  'a deletion of the account': {
    reason: 'user_deleted',
    end: () => expectDone(post(phone, '/delete-user', { password: owner.password })),
    fromBrowser: true,
  },
  'the sweep of an account whose deletion was scheduled': {
    reason: 'user_deleted',
    end: async () => {
      await query(`update "user" set delete_after = now() - interval '1 hour' where id = $1`);
      await sweepNow();
    },
  },
  'get-session after the idle time': {
    reason: 'session_idle',
    end: async () => {
      await age(8);
      expect((await owner.getSession()).text).toBe('null');
    },
  },
  'get-session after the absolute time': {
    reason: 'session_absolute',
    end: async () => {
      await age(7, 30);
      expect((await owner.getSession()).text).toBe('null');
    },
  },
  'the sweep after the idle time': {
    reason: 'session_idle',
    end: async () => {
      await age(15);
      await sweepNow();
    },
  },
  'an operator signs out': {
    reason: 'session_ended_by_operator',
    end: () => users.signOut(id),
  },
  'an operator sets a password': {
    reason: 'session_ended_by_operator',
    end: () => users.setPassword(id, 'x'),
  },
  'an operator removes the second factors': {
    reason: 'session_ended_by_operator',
    end: () => users.removeFactors(id, () => Promise.resolve()),
  },
  'an operator locks the user': { reason: 'user_locked', end: () => users.lock(id) },
  'an operator deletes the user': { reason: 'user_deleted', end: () => users.remove(id) },
};

async function sweepNow(): Promise<void> {
  const lifetime = { absoluteSeconds: 30 * 86_400 };
  const retention = { audit_event: 90 };
  await sweep(service.orm, { now: new Date(), lifetime, withinMs: 10_000, retention });
}

describe.each(Object.entries(ways))('%s', (_name, { reason, end, fromBrowser = false }) => {
  test(`answers ${reason}, to the cookie and to the bearer token`, async () => {
    const startedAt = Date.now();
    await end();
    const [token] = decodeURIComponent(cookie.split('=')[1] ?? '').split('.');
    const left = await service.database.query('select 1 from session where token = $1', [token]);
    expect(left).toEqual([]);
    const answer = await check();
    const device = fromBrowser ? { device: 'Firefox on Linux' } : {};
    expect([answer.status, answer.json]).toEqual([
      401,
      {
        code: 'NOT_SIGNED_IN',
        reason,
        message: expect.stringMatching(
          fromBrowser ? / on .* UTC, from Firefox on Linux\.$/ : / on .* UTC\.$/,
        ) as string,
        ended: { at: expect.any(String) as string, ...device },
        requestId: expect.any(String) as string,
      },
    ]);
    const { at } = answer.json?.ended as { at: string };
    expect(Date.parse(at)).toBeLessThanOrEqual(Date.now());
    if (!reason.startsWith('session_idle') && !reason.startsWith('session_absolute')) {
      expect(Date.parse(at)).toBeGreaterThanOrEqual(startedAt - 1);
    }
    expect(answer.text).not.toContain(id);
    expect(answer.text).not.toContain(owner.email);
    const [, value = ''] = cookie.split('=');
    const byBearer = await check({ authorization: `Bearer ${value}` });
    expect(byBearer.json?.reason).toBe(reason);
    for (const [path, status] of [
      ['get-session', 200],
      ['list-sessions', 401],
    ] as const) {
      const stock = await check({ cookie }, `/api/auth/${path}`);
      expect([stock.status, stock.headers.get('x-session-reason')]).toEqual([status, reason]);
    }
  });
});

test('the log line has when it ended, and the fingerprint of the session whose request ended it', async () => {
  await post(phone, '/revoke-other-sessions');
  const requestId = (await check()).headers.get('x-request-id');
  const line = await service.logLine((one) => one.requestId === requestId);
  expect(line).toMatchObject({
    reason: 'session_revoked',
    endedAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
    endedBySession: tokenFingerprint(tokenOf(phone)),
    tokenFingerprint: tokenFingerprint(tokenOf(owner)),
  });
});

test('a cookie with a wrong signature learns nothing', async () => {
  await post(owner, '/sign-out');
  const forged = cookie.replace(/=./, (start) => `${start}x`);
  const { json } = await check({ cookie: forged });
  expect(json?.reason).toBe('bad_signature');
  expect(json).not.toHaveProperty('ended');
});

test('a session that had expired before it was ended keeps its own reason', async () => {
  await age(8);
  await users.signOut(id);
  expect((await check()).json?.reason).toBe('session_idle');
});

test('a second end does not replace the first', async () => {
  await post(owner, '/sign-out');
  await users.lock(id);
  expect((await check()).json?.reason).toBe('session_signed_out');
});

test('nothing of the user and no token is stored, and only as long as the cookie could live', async () => {
  await post(owner, '/sign-out');
  const [token = ''] = decodeURIComponent(cookie.split('=')[1] ?? '').split('.');
  const rows = await service.database.query<{ expires_at: Date }>(
    `select * from ended_session where token_hash = encode(sha256($1::bytea), 'hex')`,
    [token],
  );
  expect(rows).toHaveLength(1);
  expect(Object.keys(rows[0] ?? {})).not.toContain('user_id');
  expect(JSON.stringify(rows)).not.toContain(token);
  const inMs = Number(rows[0]?.expires_at) - Date.now();
  expect(Math.abs(inMs - days(30))).toBeLessThan(60_000);
});

/** Files of src/, by their path from there. */
const sources = (readdirSync('src', { recursive: true }) as string[]).filter((file) =>
  file.endsWith('.ts'),
);

test('only session-endings.ts deletes sessions', () => {
  const deletion =
    /\.delete\(\s*session\s*\)|delete\s+from\s+(?:\$\{session\}|"?session\b)|truncate\s+(?:table\s+)?"?session\b/i;
  const deleting = sources.filter((file) => deletion.test(readFileSync(`src/${file}`, 'utf8')));
  expect(deleting).toEqual(['db/session-endings.ts']);
});

test('each deletion of users ends their sessions in the same file', () => {
  const deletion = /\.delete\(\s*user\s*\)/;
  const deleting = sources.filter((file) => deletion.test(readFileSync(`src/${file}`, 'utf8')));
  expect(deleting.sort()).toEqual(['auth/verified-password.ts', 'operator/users.ts']);
});
