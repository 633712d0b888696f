/** A request for a mail that is not sent because of a limit is refused with the reason, for every address alike. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { MailVisitor, startMailingService, type MailingService } from '../support/mailed-link.js';

let service: MailingService;
beforeAll(async () => {
  service = await startMailingService({
    EMAIL_VERIFICATION: 'optional',
    MAGIC_LINK: 'on',
    EMAIL_CODE: 'on',
  });
});
beforeEach(() => service.database.query('delete from rate_limit'));
afterAll(() => service.stop());

const requests = [
  ['request-password-reset', {}],
  ['send-verification-email', {}],
  ['sign-in/magic-link', {}],
  ['email-otp/send-verification-otp', { type: 'sign-in' }],
] as const;

/** Each from another network. */
const ask = (path: string, body: object) =>
  new MailVisitor(service).ask(`/api/auth/${path}`, { body });

test.each(requests)(
  'the fourth %s in ten minutes is 429 limit_recipient, whether the address has an account or not',
  async (path, fields) => {
    const owner = new MailVisitor(service);
    await owner.signUp();
    await service.database.query('delete from rate_limit');
    for (const email of [owner.email, new MailVisitor(service).email]) {
      for (let time = 1; time <= 3; time += 1) {
        expect((await ask(path, { email, ...fields })).status).toBe(200);
      }
      const limited = await ask(path, { email, ...fields });
      expect(limited.status).toBe(429);
      expect(limited.json).toEqual({
        code: 'TOO_MANY_REQUESTS',
        message: 'Too many requests. Try again later.',
        reason: 'limit_recipient',
        requestId: limited.headers.get('x-request-id'),
      });
      const seconds = Number(limited.headers.get('retry-after'));
      expect(seconds).toBeGreaterThan(540);
      expect(seconds).toBeLessThanOrEqual(600);
      const id = limited.headers.get('x-request-id');
      const line = await service.logLine(
        ({ requestId, status }) => requestId === id && status === 429,
      );
      expect(line).toMatchObject({ limit: 'recipient', reason: 'limit_recipient' });
    }
  },
);

test('ten minutes later mails are sent again', async () => {
  const email = 'nobody-here@example.com';
  for (let time = 1; time <= 4; time += 1) await ask('request-password-reset', { email });
  await service.database.query('update rate_limit set last_request = last_request - 600000');
  expect((await ask('request-password-reset', { email })).status).toBe(200);
});

test('the 21st mail that one network asks for is 429 limit_network', async () => {
  const visitor = new MailVisitor(service);
  const statuses = [];
  for (let at = 0; at < 21; at += 1) {
    const body = { email: `somebody-${at}@example.com` };
    statuses.push((await visitor.ask('/api/auth/request-password-reset', { body })).status);
  }
  expect(statuses).toEqual([...Array<number>(20).fill(200), 429]);
  const body = { email: 'somebody-else@example.com' };
  const limited = await visitor.ask('/api/auth/request-password-reset', { body });
  expect(limited.json).toMatchObject({ reason: 'limit_network' });
});

test('a sign-up whose mail is beyond the limit creates the account', async () => {
  const visitor = new MailVisitor(service);
  const { email } = visitor;
  for (let time = 1; time <= 4; time += 1) await ask('request-password-reset', { email });
  expect((await visitor.signUp()).status).toBe(200);
});
