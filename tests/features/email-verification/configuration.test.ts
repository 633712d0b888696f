import { expect, test } from 'vitest';
import { findingCodes, findingsOf } from '../../support/configuration.js';

test.each(['optional', 'required'])(
  'EMAIL_VERIFICATION=%s without a mail transport stops the start and names the transports',
  (mode) => {
    const [finding, ...more] = findingsOf({ EMAIL_VERIFICATION: mode });
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      level: 'error',
      code: 'EMAIL_VERIFICATION_WITHOUT_MAIL',
      variable: 'EMAIL_VERIFICATION',
    });
    for (const transport of ['SMTP_URL', 'RESEND_API_KEY', 'MAIL_WEBHOOK_URL']) {
      expect(finding?.fix).toContain(transport);
    }
  },
);

test('off needs no mail transport', () => {
  expect(findingCodes({ EMAIL_VERIFICATION: 'off' })).toEqual([]);
});
