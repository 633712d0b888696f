/** Hostile bodies at every endpoint that redeems a link or code: refused, without effect, and in no log line. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MailVisitor, startMailingService, type MailingService } from '../support/mailed-link.js';

let service: MailingService;
beforeAll(async () => {
  service = await startMailingService({
    CHANGE_EMAIL: 'on',
    MAGIC_LINK: 'on',
    EMAIL_CODE: 'on',
    EMAIL_VERIFICATION: 'optional',
  });
});
afterAll(() => service.stop());

const marker = 'hostile-content-7d1f';

const paths = [
  'reset-password',
  'verify-email',
  'magic-link/verify',
  'sign-in/email-otp',
  'change-email/verify',
  'change-email/undo',
  'delete-user/verify',
  'security-notices/not-me',
];

const bodies: [string, unknown][] = [
  ['a token of 100 kB', { token: marker + 'x'.repeat(100_000), otp: marker }],
  ['an array as the token', { token: [marker], otp: [marker] }],
  ['null as the token', { token: null, newPassword: marker, otp: null }],
  ['an object as the token', { token: { $ne: marker }, otp: { $ne: marker } }],
  ['a token with NUL', { token: `${marker}\0`, newPassword: `${marker}-long`, otp: `1234\0` }],
  ['a token of half a character', { token: `${marker}\ud800`, newPassword: `${marker}-long` }],
  ['an array as the body', [marker]],
  ['null as the body', 'null'],
  ['a string as the body', `"${marker}"`],
  ['a prototype', `{"__proto__":{"token":"${marker}"},"constructor":{"token":"${marker}"}}`],
  ['invalid JSON', `{"token":"${marker}"`],
];

test.each(bodies)('%s is refused with 400 or 413, and is in no log line', async (_what, body) => {
  for (const path of paths) {
    const answer = await new MailVisitor(service).ask(`/api/auth/${path}`, { body });
    expect([400, 413], `${path}: ${answer.text}`).toContain(answer.status);
    expect(answer.setCookies).toEqual([]);
  }
  expect(service.logText()).not.toContain(marker);
});
