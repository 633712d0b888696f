/** A valid value of every feature's variables; together they enable all features. */
import { fileURLToPath } from 'node:url';
import type { Environment } from '../../src/config/environment.js';

export const everyFeatureOn = {
  BEARER_TOKENS: 'on',
  JWT_TOKENS: 'on',
  PROFILE_SCHEMA: fileURLToPath(new URL('profile-schema.json', import.meta.url)),
  CAPTCHA: 'altcha',
  BREACHED_PASSWORDS: 'on',
  PWNED_LIST: fileURLToPath(new URL('pwned-list.bin', import.meta.url)),
  SMTP_URL: 'smtp://127.0.0.1:9',
  MAIL_FROM: 'Example <auth@example.com>',
  MAIL_REPLY_TO: 'help@example.com',
  MAIL_BRAND: 'Example; #0a66c2',
  MAIL_TEMPLATES: fileURLToPath(new URL('mail-templates', import.meta.url)),
  CRON_SECRET: 'Wm3tq8Zk0aXc7vN1sLd5hRf9',
  EMAIL_VERIFICATION: 'optional',
  CHANGE_EMAIL: 'on',
  DELETE_GRACE_DAYS: '7',
  MAGIC_LINK: 'on',
  EMAIL_CODE: 'on',
  GITHUB_CLIENT_ID: 'Iv1.8a61f9b3a7aba766',
  GITHUB_CLIENT_SECRET: 'a-client-secret-of-github',
  SOCIAL_SIGN_UP: 'off',
  ALLOWED_EMAIL_DOMAINS: 'example.com,example.org',
  KEEP_PROVIDER_TOKENS: 'on',
  COOKIE_DEBUG: 'summary',
  COOKIE_DEBUG_UNTIL: '2026-01-31T12:30:00Z',
  DIAGNOSTICS_TOKEN: 'Zk4t8Mp0aWq2xYc7vN1sLd5hRf9gJb3e',
} as const satisfies Environment;
