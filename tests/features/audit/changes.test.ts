/** Each endpoint that changes an account records exactly one event of its kind when it succeeds, and one when it refuses. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changesNothing, endpointKinds } from '../../../src/features/audit/endpoint-kinds.js';
import { storedEvents, type StoredEvent } from '../../support/audit-events.js';
import { MailVisitor } from '../../support/mailed-link.js';
import {
  newVerifier,
  RedirectVisitor,
  startRedirectService,
  type RedirectService,
} from '../../support/redirect-visitor.js';
import {
  beginSignIn,
  enrol,
  steadyStep,
  verifyBackupCode,
  verifyTotp,
} from '../../support/second-factor.js';
import { SoftwareAuthenticator } from '../../support/software-authenticator.js';
import type { Answer, Visitor } from '../../support/visitor.js';
import { newAddress, requestChange } from '../change-email/change.js';
import { enrol as enrolPasskey, signIn as signInWithPasskey } from '../passkeys/ceremony.js';

let service: RedirectService;
beforeAll(async () => {
  service = await startRedirectService({
    SECOND_FACTOR: 'optional',
    MAGIC_LINK: 'on',
    EMAIL_CODE: 'on',
    EMAIL_VERIFICATION: 'optional',
    CHANGE_EMAIL: 'on',
    PASSKEYS: 'on',
    LIMIT_PAUSE: '50/1s/1s',
    RATE_LIMIT_SIGN_IN_PER_ACCOUNT: '1000/1m',
  });
});
afterAll(() => service.stop());

const post = (browser: Visitor, endpoint: string, body: object) =>
  browser.ask(`/api/auth${endpoint}`, { body });

async function newUser(): Promise<RedirectVisitor> {
  const visitor = new RedirectVisitor(service);
  expect((await visitor.signUp()).status).toBe(200);
  return visitor;
}

/** Whose address is proven, so that a provider that vouches for it may be linked. */
async function provenUser(): Promise<RedirectVisitor> {
  const user = await newUser();
  await service.database.query('update "user" set email_verified = true where email = $1', [
    user.email,
  ]);
  return user;
}

/** A second session of the user. */
async function otherBrowser(user: Visitor): Promise<MailVisitor> {
  const browser = new MailVisitor(service);
  const { email, password } = user;
  expect((await post(browser, '/sign-in/email', { email, password })).status).toBe(200);
  return browser;
}

async function linkInMail(user: Visitor, name: string, count: number): Promise<string> {
  const mails = await service.mailsTo(user.email, count);
  const tokens = mails.flatMap(
    ({ text }) => new RegExp(`#${name}=([\\w-]+)`).exec(text ?? '')?.[1] ?? [],
  );
  return tokens.at(-1) ?? '';
}

async function userWithPasskey() {
  const user = await newUser();
  const authenticator = new SoftwareAuthenticator();
  const enrolled = await enrolPasskey(user, authenticator, {}, 'Key');
  expect(enrolled.status, enrolled.text).toBe(200);
  return { user, authenticator, enrolled, id: String(enrolled.json?.id) };
}

async function trustedBrowser() {
  const user = await newUser();
  const app = await enrol(service, user);
  const browser = new MailVisitor(service);
  await beginSignIn(browser, user);
  await steadyStep();
  const answer = await verifyTotp(browser, app.code(), { trustDevice: true });
  return { user, app, browser, answer };
}

async function changedAddress() {
  const user = await newUser();
  const to = newAddress();
  const requested = await requestChange(user, to);
  const token = await service.tokenFor(to);
  return { user, requested, verified: () => post(user, '/change-email/verify', { token }) };
}

const successes: Readonly<Record<string, () => Promise<Answer>>> = {
  '/sign-up/email': () => new MailVisitor(service).signUp(),
  '/sign-in/email': async () => (await newUser()).signIn(),
  async '/sign-in/email-otp'() {
    const { email } = await newUser();
    const browser = new MailVisitor(service);
    await post(browser, '/email-otp/send-verification-otp', { email, type: 'sign-in' });
    const mail = (await service.mailsTo(email, 2)).at(-1);
    const otp = /^\s*(\d{6})\s*$/m.exec(mail?.text ?? '')?.[1];
    return post(browser, '/sign-in/email-otp', { email, otp });
  },
  async '/magic-link/verify'() {
    const user = await newUser();
    const browser = new MailVisitor(service);
    await post(browser, '/sign-in/magic-link', { email: user.email });
    return post(browser, '/magic-link/verify', { token: await service.tokenFor(user.email, 2) });
  },
  async '/passkey/verify-authentication'() {
    const { authenticator } = await userWithPasskey();
    return signInWithPasskey(new MailVisitor(service), authenticator);
  },
  '/redirect/redeem': () => new RedirectVisitor(service).signInWithProvider(),
  async '/redirect/confirm'() {
    const browser = new RedirectVisitor(service);
    const { verifier, challenge } = newVerifier();
    const { code } = await browser.walk(challenge, { email_verified: false });
    await browser.redeem(code, verifier);
    await post(browser, '/redirect/prove', { code, code_verifier: verifier });
    return post(browser, '/redirect/confirm', { token: await service.tokenFor(browser.email) });
  },
  async '/redirect/finish'() {
    const browser = new RedirectVisitor(service);
    const callbacks = { callbackURL: '/account', errorCallbackURL: '/sorry' };
    const begun = await post(browser, '/sign-in/social', { provider: 'test', ...callbacks });
    let answer = await browser.visit(
      service.provider.walk(String(begun.json?.url), { email: browser.email }),
    );
    for (;;) {
      const next = answer.headers.get('location') ?? '';
      if (!next.startsWith(service.config.baseUrl)) return answer;
      answer = await browser.visit(next);
    }
  },
  '/sign-in/social': () =>
    post(new RedirectVisitor(service), '/sign-in/social', {
      provider: 'test',
      callbackURL: '/account',
      errorCallbackURL: '/sorry',
    }),
  '/redirect/start': () => new RedirectVisitor(service).start(newVerifier().challenge),
  async '/callback/:id'() {
    const browser = new RedirectVisitor(service);
    const started = await browser.start(newVerifier().challenge);
    const location = started.headers.get('location') ?? '';
    return browser.visit(service.provider.walk(location, { email: browser.email }));
  },
  async '/link-social'() {
    return post(await newUser(), '/link-social', { provider: 'test', callbackURL: '/account' });
  },
  async '/sign-in/magic-link'() {
    const { email } = await newUser();
    return post(new MailVisitor(service), '/sign-in/magic-link', { email });
  },
  async '/email-otp/send-verification-otp'() {
    const { email } = await newUser();
    const body = { email, type: 'sign-in' };
    return post(new MailVisitor(service), '/email-otp/send-verification-otp', body);
  },
  async '/two-factor/verify-totp'() {
    return (await trustedBrowser()).answer;
  },
  async '/two-factor/verify-backup-code'() {
    const user = await newUser();
    const { backupCodes } = await enrol(service, user);
    return verifyBackupCode(user, backupCodes[0] ?? '');
  },
  async '/two-factor/enable'() {
    const user = await newUser();
    return post(user, '/two-factor/enable', {});
  },
  async '/two-factor/disable'() {
    const user = await newUser();
    await enrol(service, user);
    return post(user, '/two-factor/disable', {});
  },
  async '/two-factor/generate-backup-codes'() {
    const user = await newUser();
    await enrol(service, user);
    return post(user, '/two-factor/generate-backup-codes', {});
  },
  async '/two-factor/revoke-trusted-device'() {
    const { browser } = await trustedBrowser();
    const listed = await browser.ask('/api/auth/two-factor/trusted-devices');
    const [device] = listed.json as unknown as { id: string }[];
    return post(browser, '/two-factor/revoke-trusted-device', { id: device?.id });
  },
  async '/two-factor/revoke-trusted-devices'() {
    return post((await trustedBrowser()).browser, '/two-factor/revoke-trusted-devices', {});
  },
  async '/step-up'() {
    const user = await newUser();
    return post(user, '/step-up', { password: user.password });
  },
  '/sign-out': async () => (await newUser()).signOut(),
  async '/revoke-session'() {
    const user = await newUser();
    const { json } = await (await otherBrowser(user)).getSession();
    const { token } = (json as { session: { token: string } }).session;
    return post(user, '/revoke-session', { token });
  },
  '/revoke-sessions': async () => post(await newUser(), '/revoke-sessions', {}),
  async '/revoke-other-sessions'() {
    const user = await newUser();
    await otherBrowser(user);
    return post(user, '/revoke-other-sessions', {});
  },
  async '/change-password'() {
    const user = await newUser();
    const { password: currentPassword } = user;
    return post(user, '/change-password', { currentPassword, newPassword: `${user.password} 2` });
  },
  async '/verify-password'() {
    const user = await newUser();
    return post(user, '/verify-password', { password: user.password });
  },
  async '/request-password-reset'() {
    const { email } = await newUser();
    return post(new MailVisitor(service), '/request-password-reset', { email });
  },
  async '/reset-password'() {
    const user = await newUser();
    const browser = new MailVisitor(service);
    await post(browser, '/request-password-reset', { email: user.email });
    const token = await service.tokenFor(user.email, 2);
    return post(browser, '/reset-password', { token, newPassword: `${user.password} 3` });
  },
  async '/send-verification-email'() {
    const user = await newUser();
    return post(user, '/send-verification-email', { email: user.email });
  },
  async '/verify-email'() {
    const user = await newUser();
    return post(user, '/verify-email', { token: await linkInMail(user, 'verify_email', 1) });
  },
  '/change-email': async () => (await changedAddress()).requested,
  '/change-email/verify': async () => (await changedAddress()).verified(),
  async '/change-email/undo'() {
    const { user, verified } = await changedAddress();
    expect((await verified()).status).toBe(200);
    const token = await linkInMail(user, 'undo_change', 2);
    return post(new MailVisitor(service), '/change-email/undo', { token });
  },
  '/delete-user': async () => post(await newUser(), '/delete-user', {}),
  async '/delete-user/verify'() {
    const user = await newUser();
    await post(user, '/delete-user', {});
    return post(user, '/delete-user/verify', { token: await service.tokenFor(user.email, 2) });
  },
  async '/unlink-account'() {
    const user = await provenUser();
    expect((await user.signInWithProvider()).status).toBe(200);
    const accounts = (await user.ask('/api/auth/list-accounts')).json as unknown as {
      id: string;
      providerId: string;
    }[];
    const { id } = accounts.find(({ providerId }) => providerId === 'test') ?? {};
    return post(user, '/unlink-account', { accountId: id });
  },
  '/passkey/verify-registration': async () => (await userWithPasskey()).enrolled,
  async '/passkey/update-passkey'() {
    const { user, id } = await userWithPasskey();
    return post(user, '/passkey/update-passkey', { id, name: 'Another' });
  },
  async '/passkey/delete-passkey'() {
    const { user, id } = await userWithPasskey();
    return post(user, '/passkey/delete-passkey', { id });
  },
  '/update-user': async () => post(await newUser(), '/update-user', { name: 'Another Name' }),
  async '/security-notices/not-me'() {
    const user = await newUser();
    const { password: currentPassword } = user;
    await post(user, '/change-password', { currentPassword, newPassword: `${user.password} 2` });
    const token = await linkInMail(user, 'not_me', 2);
    return post(new MailVisitor(service), '/security-notices/not-me', { token });
  },
};

test('every endpoint with a kind has a driver', () => {
  expect(Object.keys(successes).sort()).toEqual(Object.keys(endpointKinds).sort());
});

/** The events of the request, once the one about the response would have been written as well. */
async function eventsOf({ headers }: Answer): Promise<StoredEvent[]> {
  // The marker's event is queued after that of the request.
  const marker = randomUUID();
  await new MailVisitor(service).ask('/api/auth/verify-password', {
    body: {},
    headers: { 'x-request-id': marker },
  });
  for (;;) {
    const events = await storedEvents(service);
    if (events.some(({ request_id }) => request_id === marker)) {
      return events.filter(({ request_id }) => request_id === headers.get('x-request-id'));
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** What a success records besides its own event. */
const further: Readonly<Record<string, readonly string[]>> = {
  '/sign-up/email': ['sign_in'],
  '/redirect/redeem': ['sign_up'],
  '/redirect/confirm': ['sign_up'],
  '/redirect/finish': ['sign_up'],
  '/two-factor/verify-totp': ['sign_in'],
  '/change-email': ['session_renewal'],
  '/change-password': ['session_renewal'],
  '/reset-password': ['sign_in'],
  '/verify-email': ['sign_in'],
  '/passkey/verify-registration': ['session_renewal'],
};

/** Proves the address of the account as well. */
const provesAddress = ['/magic-link/verify', '/sign-in/email-otp'];

test.each(Object.keys(successes))(
  '%s: a success is one event with its user',
  { timeout: 30_000 },
  async (endpoint) => {
    const answer = await (successes[endpoint] as () => Promise<Answer>)();
    expect(answer.status, answer.text).toBeLessThan(400);
    const events = (await eventsOf(answer)).filter(({ kind }) => kind !== 'mail');
    const kind = endpointKinds[endpoint] as string;
    const expected = [
      kind,
      ...(further[endpoint] ?? []),
      ...(provesAddress.includes(endpoint) ? ['email_verification'] : []),
    ];
    expect(events.map((event) => event.kind).sort()).toEqual(expected.sort());
    for (const event of events) {
      expect([event.outcome, event.reason, event.actor]).toEqual(['success', null, 'user']);
      if (!changesNothing.has(endpoint)) expect(event.user_id).not.toBeNull();
      expect(event.device).not.toBeNull();
    }
    expect(JSON.stringify(events)).not.toContain('@');
  },
);

async function kindsOf(answer: Answer): Promise<string[]> {
  expect(answer.status, answer.text).toBe(200);
  return (await eventsOf(answer)).map(({ kind }) => kind).sort();
}

test('the first code of an authenticator app records the new factor', async () => {
  const user = await newUser();
  const app = await enrol(service, user);
  const events = await service.database.query(
    'select kind from audit_event a join "user" u on u.id = a.user_id where email = $1 order by kind',
    [user.email],
  );
  expect(app.backupCodes).toHaveLength(10);
  expect(events.map(({ kind }) => kind as string).filter((kind) => kind !== 'mail')).toEqual([
    'factor_add',
    'factor_enrolment',
    'second_factor',
    'sign_in',
    'sign_up',
  ]);
});

test('a login that is linked to the signed-in account is recorded', async () => {
  const user = await provenUser();
  expect(await kindsOf(await user.signInWithProvider())).toEqual(['login_link']);
});

test('what changes nothing is no event: no session to sign out, no device to revoke', async () => {
  expect(await kindsOf(await new MailVisitor(service).signOut())).toEqual([]);
  const user = await newUser();
  expect(await kindsOf(await post(user, '/two-factor/revoke-trusted-devices', {}))).toEqual([]);
  expect(await kindsOf(await post(user, '/revoke-other-sessions', {}))).toEqual([]);
});

/** Endpoint → a request that is refused, and the reason. By default an invalid body without a session. */
const bodies: Readonly<Record<string, object>> = {
  '/sign-in/email': { email: 'nobody@example.com', password: 'wrong-password' },
};

test.each(Object.keys(endpointKinds).filter((path) => !path.startsWith('/redirect/finish')))(
  '%s: a refusal is one event with a reason',
  async (endpoint) => {
    const browser = new MailVisitor(service);
    const visits = endpoint === '/redirect/start';
    const answer = visits
      ? await browser.ask(`/api/auth${endpoint}`, { origin: null })
      : await post(browser, endpoint.replace(':id', 'test'), bodies[endpoint] ?? { token: 'x' });
    if (endpoint === '/sign-out') return; // without a session it succeeds, and changes nothing
    const events = await eventsOf(answer);
    expect(events, answer.text).toEqual([
      expect.objectContaining({
        kind: endpointKinds[endpoint],
        outcome: 'refused',
        reason: expect.stringMatching(/^[a-z]\w+$/) as string,
      }),
    ]);
    expect(events[0]?.reason).not.toMatch(/^status_/);
  },
);
