/** The owner gets a mail about a sign-in from a device unlike any before. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  linkIn,
  MailVisitor,
  startMailingService,
  type MailingService,
} from '../../support/mailed-link.js';

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';
const newerFirefox = firefox.replaceAll('145', '146');
const chrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
const hostile = 'visit https://evil.example now <b>Firefox';
const notMePath = '/api/auth/security-notices/not-me';

let service: MailingService;
beforeAll(async () => {
  service = await startMailingService();
});
afterAll(() => service.stop());

/** A user who signed up with Firefox on Linux. */
async function newUser(): Promise<MailVisitor> {
  const owner = new MailVisitor(service);
  const { email, password } = owner;
  const body = { name: 'An Owner', email, password };
  const headers = { 'user-agent': firefox };
  expect((await owner.ask('/api/auth/sign-up/email', { body, headers })).status).toBe(200);
  return owner;
}

/** Signs in to the owner's account. */
async function signIn(owner: MailVisitor, visitor: MailVisitor, userAgent: string) {
  const { email, password } = owner;
  const headers = { 'user-agent': userAgent };
  return visitor.ask('/api/auth/sign-in/email', { body: { email, password }, headers });
}

const notices = async () =>
  (await service.database.query("select id from mail_outbox where template = 'new-device'")).length;

/** How many notices the work writes. */
async function noticesOf(work: () => Promise<unknown>): Promise<number> {
  const before = await notices();
  await work();
  return (await notices()) - before;
}

test('a sign-in with another browser from another network is reported', async () => {
  const owner = await newUser();
  const stranger = new MailVisitor(service);
  expect((await signIn(owner, stranger, chrome)).status).toBe(200);
  const [mail] = await service.mailsTo(owner.email);
  expect(mail?.subject).toBe('A sign-in from a new device');
  expect(mail?.text).toContain('Chrome (Windows)');
  expect(mail?.text).toContain(stranger.ip.replace(/\d+$/, '0/24'));
  expect(linkIn(mail).page).toBe('http://localhost:3000/auth/confirm');
});

test('a known browser or a known network is not reported', async () => {
  const owner = await newUser();
  expect(await noticesOf(() => signIn(owner, owner, chrome))).toBe(0);
  expect(await noticesOf(() => signIn(owner, new MailVisitor(service), newerFirefox))).toBe(0);
});

test('the same new device is reported once', async () => {
  const owner = await newUser();
  const stranger = new MailVisitor(service);
  const twice = async () => {
    await signIn(owner, stranger, chrome);
    await signIn(owner, stranger, chrome);
  };
  expect(await noticesOf(twice)).toBe(1);
});

test('the first sign-in after the feature was switched on is not reported', async () => {
  const owner = await newUser();
  await service.database.query('delete from known_device');
  expect(await noticesOf(() => signIn(owner, new MailVisitor(service), chrome))).toBe(0);
});

test('a wrong password is not reported', async () => {
  const owner = await newUser();
  const guess = async () => {
    const body = { email: owner.email, password: 'not-the-password-1' };
    await new MailVisitor(service).ask('/api/auth/sign-in/email', { body });
  };
  expect(await noticesOf(guess)).toBe(0);
});

test('the mail quotes nothing of the User-Agent header', async () => {
  const owner = await newUser();
  expect((await signIn(owner, new MailVisitor(service), hostile)).status).toBe(200);
  const [mail] = await service.mailsTo(owner.email);
  expect(mail?.text).toContain('a program that is no known browser');
  expect(`${mail?.text}${String(mail?.html)}`).not.toMatch(/evil|<b>Firefox/);
});

test('a sign-in succeeds where the device cannot be recorded', async () => {
  const owner = await newUser();
  await service.database.query('alter table known_device rename to unknown_device');
  try {
    expect((await signIn(owner, new MailVisitor(service), chrome)).status).toBe(200);
    expect(
      await service.logLine(({ msg }) => msg === 'no notice of a sign-in was written'),
    ).toBeDefined();
  } finally {
    await service.database.query('alter table unknown_device rename to known_device');
  }
});

test('"That was not me" signs out every device, makes the password invalid and begins a reset', async () => {
  const owner = await newUser();
  const stranger = new MailVisitor(service);
  await signIn(owner, stranger, chrome);
  const token = await service.tokenFor(owner.email);
  const reader = new MailVisitor(service);
  const scheduled = 'update "user" set delete_after = now() + interval \'7 days\' where email = $1';
  await service.database.query(scheduled, [owner.email]);
  const answer = await reader.ask(notMePath, { body: { token } });
  expect(answer).toMatchObject({ status: 200, json: { status: true } });
  const line = await service.logLine(({ outcome }) => outcome === 'access_ended');
  expect(line.path).toBe(notMePath);
  const left = `select u.delete_after, d.browser from "user" u
    left join known_device d on d.user_id = u.id where u.email = $1`;
  expect(await service.database.query(left, [owner.email])).toEqual([
    { delete_after: null, browser: null },
  ]);
  expect((await stranger.ask('/session')).status).toBe(401);
  expect((await owner.ask('/session')).status).toBe(401);
  expect((await signIn(owner, stranger, chrome)).status).toBe(401);
  const resetToken = String(answer.json?.resetToken);
  const newPassword = 'a-new-password-of-the-owner';
  const reset = await reader.ask('/api/auth/reset-password', {
    body: { token: resetToken, newPassword },
  });
  expect(reset.status).toBe(200);
  expect((await reader.ask('/session')).status).toBe(200);
  const again = await reader.ask(notMePath, { body: { token } });
  expect(again).toMatchObject({ status: 400, json: { code: 'LINK_USED' } });
});

test('of eight concurrent redeems one succeeds, and a GET changes nothing', async () => {
  const owner = await newUser();
  await signIn(owner, new MailVisitor(service), chrome);
  const token = await service.tokenFor(owner.email);
  for (const method of ['HEAD', 'GET', 'HEAD', 'GET']) {
    const answer = await new MailVisitor(service).ask(`${notMePath}?token=${token}`, { method });
    if (method === 'GET') expect(answer.headers.get('location')).toMatch(/#not_me=/);
  }
  expect((await owner.ask('/session')).status).toBe(200);
  const redeem = () => new MailVisitor(service).ask(notMePath, { body: { token } });
  const answers = await Promise.all(Array.from({ length: 8 }, redeem));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ json }) => json?.code === 'LINK_USED')).toHaveLength(7);
});

test('notices of one kind do not use up those of another', async () => {
  const owner = await newUser();
  const keys = async () =>
    (await service.database.query("select key from rate_limit where key like 'mail|%'")).length;
  const before = await keys();
  await signIn(owner, new MailVisitor(service), chrome);
  const body = { currentPassword: owner.password, newPassword: 'another-good-password-42' };
  expect((await owner.ask('/api/auth/change-password', { body })).status).toBe(200);
  expect((await keys()) - before).toBe(2);
});
