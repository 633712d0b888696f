/** What features add to docs/openapi.json and the table of endpoints. */
import { openApi as admin } from './admin/openapi.js';
import { openApi as bearerTokens } from './bearer-tokens/openapi.js';
import { openApi as captcha } from './captcha/openapi.js';
import { openApi as changeEmail } from './change-email/openapi.js';
import { openApi as deleteAccount } from './delete-account/openapi.js';
import { openApi as diagnostics } from './diagnostics/openapi.js';
import { openApi as emailCode } from './email-code/openapi.js';
import { openApi as emailVerification } from './email-verification/openapi.js';
import { openApi as jsonWebTokens } from './json-web-tokens/openapi.js';
import { openApi as magicLink } from './magic-link/openapi.js';
import { openApi as passkeys } from './passkeys/openapi.js';
import { openApi as passwordReset } from './password-reset/openapi.js';
import { openApi as redirectSignIn } from './redirect-sign-in/openapi.js';
import { openApi as securityNotices } from './security-notices/openapi.js';
import { openApi as totp } from './totp/openapi.js';
import type { OpenApiPart } from './openapi-part.js';
import { openApi as profileFields } from './profile-fields/openapi.js';

export const openApiParts: readonly OpenApiPart[] = [
  bearerTokens,
  jsonWebTokens,
  profileFields,
  captcha,
  passwordReset,
  emailVerification,
  magicLink,
  emailCode,
  passkeys,
  changeEmail,
  deleteAccount,
  redirectSignIn,
  totp,
  securityNotices,
  diagnostics,
  admin,
];
