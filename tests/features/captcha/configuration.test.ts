/** CAPTCHA and its keys. */
import { expect, test } from 'vitest';
import { readConfig } from '../../../src/config/config.js';
import { findingsOf, validEnvironment } from '../../support/configuration.js';

const keys = { CAPTCHA_SITE_KEY: 'a-site-key', CAPTCHA_SECRET_KEY: 'a-secret-key' };
const settingsOf = (env: Record<string, string>) =>
  readConfig({ ...validEnvironment, ...env }, new Date()).features.captcha;

test('it is off by default; ALTCHA needs no key, and an outage lets requests pass', () => {
  expect(settingsOf({})).toBeUndefined();
  expect(settingsOf({ CAPTCHA: 'altcha' })).toEqual({ provider: 'altcha', isOpenOnOutage: true });
});

test.each(['turnstile', 'hcaptcha'])('%s has both keys', (provider) => {
  expect(settingsOf({ CAPTCHA: provider, CAPTCHA_ON_OUTAGE: 'closed', ...keys })).toMatchObject({
    provider,
    siteKey: 'a-site-key',
    secretKey: 'a-secret-key',
    isOpenOnOutage: false,
  });
});

test.each(['CAPTCHA_SITE_KEY', 'CAPTCHA_SECRET_KEY'])('%s missing stops the start', (missing) => {
  const env = { ...validEnvironment, CAPTCHA: 'turnstile', ...keys, [missing]: undefined };
  expect(findingsOf(env)).toContainEqual(
    expect.objectContaining({ level: 'error', code: 'CAPTCHA_KEYS_MISSING', variable: missing }),
  );
});

test('keys that have no effect are reported, without their value', () => {
  const findings = findingsOf({ ...validEnvironment, CAPTCHA: 'altcha', ...keys });
  expect(findings).toContainEqual(
    expect.objectContaining({ level: 'warn', code: 'CAPTCHA_KEYS_UNUSED' }),
  );
  expect(JSON.stringify(findings)).not.toContain('a-secret-key');
});
