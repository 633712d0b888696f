/** What features add to the tables of reasons and errors. Loaded by the service and the documentation. */
import type { ErrorEntry } from '../errors.js';
import type { ReasonFixes } from '../session/reasons.js';
import { reasonFixes as bearerTokenFixes } from './bearer-tokens/reasons.js';
import { errors as adminErrors } from './admin/reasons.js';
import { errors as breachedPasswordErrors } from './breached-passwords/reasons.js';
import { errors as captchaErrors } from './captcha/reasons.js';
import { errors as changeEmailErrors } from './change-email/reasons.js';
import { errors as diagnosticsErrors } from './diagnostics/reasons.js';
import { errors as emailCodeErrors } from './email-code/reasons.js';
import { errors as mailErrors } from './mail/reasons.js';
import { errors as emailVerificationErrors } from './email-verification/reasons.js';
import { errors as passkeyErrors } from './passkeys/reasons.js';
import { errors as profileFieldErrors } from './profile-fields/reasons.js';
import { errors as redirectErrors } from './redirect-sign-in/reasons.js';
import { errors as factorErrors, reasonFixes as factorFixes } from './totp/reasons.js';

/** What to change about a reason of the inspector, where that is a feature's setting. */
export const reasonFixes: ReasonFixes = { ...bearerTokenFixes, ...factorFixes };

/** Code → HTTP status and public message of the errors that features add. */
export const featureErrors: Readonly<Record<string, ErrorEntry>> = {
  ...adminErrors,
  ...diagnosticsErrors,
  ...mailErrors,
  ...profileFieldErrors,
  ...captchaErrors,
  ...breachedPasswordErrors,
  ...emailVerificationErrors,
  ...changeEmailErrors,
  ...emailCodeErrors,
  ...passkeyErrors,
  ...redirectErrors,
  ...factorErrors,
};
