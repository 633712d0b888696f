import { expect, test } from 'vitest';
import { readConfig } from '../../../src/config/config.js';
import { findingCodes, testNow, validEnvironment } from '../../support/configuration.js';

const settingsOf = (env: Record<string, string>) =>
  readConfig({ ...validEnvironment, ...env }, testNow).features['delete-account'];

const mail = { SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'auth@example.com' };

test.each(['-1', '91', '1.5', '007', 'week', '1e1'])('DELETE_GRACE_DAYS=%s is refused', (value) => {
  expect(findingCodes({ DELETE_GRACE_DAYS: value })).toContain(
    'error DELETE_GRACE_DAYS_INVALID DELETE_GRACE_DAYS',
  );
});

test('it is on with a mail transport or with days of grace', () => {
  expect(settingsOf({})).toBeUndefined();
  expect(settingsOf({ DELETE_GRACE_DAYS: '0' })).toBeUndefined();
  expect(settingsOf(mail)).toEqual({ graceDays: 0, byMail: true });
  expect(settingsOf({ DELETE_GRACE_DAYS: '90' })).toEqual({ graceDays: 90, byMail: false });
});
