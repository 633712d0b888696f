/** Every feature, as the configuration, the startup report and the documentation see it: one line each. */
import { admin } from './admin/feature.js';
import { audit } from './audit/feature.js';
import { bearerTokens } from './bearer-tokens/feature.js';
import { breachedPasswords } from './breached-passwords/feature.js';
import { captcha } from './captcha/feature.js';
import { changeEmail } from './change-email/feature.js';
import { confirmPage } from './confirm-page/feature.js';
import { cookieDebug } from './cookie-debug/feature.js';
import { deleteAccount } from './delete-account/feature.js';
import type { SettingsOf } from './definition.js';
import { diagnostics } from './diagnostics/feature.js';
import { emailCode } from './email-code/feature.js';
import { emailVerification } from './email-verification/feature.js';
import { jsonWebTokens } from './json-web-tokens/feature.js';
import { magicLink } from './magic-link/feature.js';
import { mail } from './mail/feature.js';
import { passkeys } from './passkeys/feature.js';
import { passwordReset } from './password-reset/feature.js';
import { profileFields } from './profile-fields/feature.js';
import { readReplica } from './read-replica/feature.js';
import { redisLimits } from './redis-limits/feature.js';
import { redirectSignIn } from './redirect-sign-in/feature.js';
import { securityNotices } from './security-notices/feature.js';
import { socialProviders } from './social-providers/feature.js';
import { telemetry } from './telemetry/feature.js';
import { totp } from './totp/feature.js';
import { webhooks } from './webhooks/feature.js';

export const definitions = [
  admin,
  audit,
  bearerTokens,
  jsonWebTokens,
  profileFields,
  captcha,
  breachedPasswords,
  mail,
  passwordReset,
  emailVerification,
  changeEmail,
  deleteAccount,
  magicLink,
  emailCode,
  passkeys,
  socialProviders,
  redirectSignIn,
  totp,
  securityNotices,
  webhooks,
  readReplica,
  redisLimits,
  confirmPage,
  cookieDebug,
  diagnostics,
  telemetry,
] as const;

/** Feature name → its settings; undefined where it is off. */
export type FeatureSettings = {
  readonly [Definition in (typeof definitions)[number] as Definition['name']]:
    SettingsOf<Definition> | undefined;
};
