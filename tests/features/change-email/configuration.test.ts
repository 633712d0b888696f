import { expect, test } from 'vitest';
import { findingCodes } from '../../support/configuration.js';

const mail = { SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'auth@example.com' };

test('CHANGE_EMAIL without a mail transport is refused by name', () => {
  const missing = 'error CHANGE_EMAIL_WITHOUT_MAIL CHANGE_EMAIL';
  expect(findingCodes({ CHANGE_EMAIL: 'on' })).toContain(missing);
  expect(findingCodes({ CHANGE_EMAIL: 'on', ...mail })).not.toContain(missing);
});
