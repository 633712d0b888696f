/** Why the flows of features fail: the tables of their reasons, one line each. For explanations of what is in the audit trail. */
import { reasons as breachedPasswords } from './breached-passwords/reasons.js';
import { reasons as captcha } from './captcha/reasons.js';
import { reasons as mail } from './mail/reasons.js';
import { reasons as passkeys } from './passkeys/reasons.js';
import { reasons as redirects } from './redirect-sign-in/reasons.js';
import { reasons as factors } from './totp/reasons.js';

interface FlowReason {
  readonly meaning: string;
  /** For the operator. */
  readonly fix: string;
}

type FlowReasons = Readonly<Record<string, FlowReason>>;

/** Flow → reason → text. */
export const flowReasons = {
  mail,
  provider: redirects,
  factor: factors,
  passkey: passkeys,
  captcha,
  'password lookup': breachedPasswords,
} as const satisfies Readonly<Record<string, FlowReasons>>;

/** Provider reasons are codes with this prefix in responses of endpoints. */
export const providerCodePrefix = 'redirect_';
