/** The variables of administration: faults by name. */
import { expect, test } from 'vitest';
import { findingCodes } from '../../support/configuration.js';

test.each([
  [{ ADMIN: 'on' }, ['error ADMIN_WITHOUT_SECOND_FACTOR ADMIN']],
  [{ ADMIN: 'on', SECOND_FACTOR: 'off' }, ['error ADMIN_WITHOUT_SECOND_FACTOR ADMIN']],
  [{ ADMIN: 'on', SECOND_FACTOR: 'optional' }, []],
  [{ ADMIN: 'on', PASSKEYS: 'on', RP_ID: 'example.com' }, []],
  [{ ADMIN: 'on', SECOND_FACTOR: 'optional', AUDIT: 'off' }, ['error ADMIN_WITHOUT_AUDIT ADMIN']],
  [
    { ADMIN: 'on', SECOND_FACTOR: 'optional', ADMIN_IMPERSONATION_NOTICE: 'on' },
    ['error ADMIN_IMPERSONATION_NOTICE_WITHOUT_MAIL ADMIN_IMPERSONATION_NOTICE'],
  ],
])('%j', (env, expected) => {
  const codes = findingCodes(env).filter((code) => code.startsWith('error'));
  expect(codes).toEqual(expected);
});
