/** The settings of the service that a diagnosis depends on. */
import type { Config } from '../../../config/config.js';
import {
  defaultNetworkLimit,
  readPauseRule,
  readRateLimit,
  type PauseRule,
  type RateLimit,
} from '../../../config/rate-limits.js';
import { coreVariables } from '../../../config/variables.js';

export interface ExplainSettings {
  readonly pause: PauseRule;
  readonly account: RateLimit;
  readonly network: RateLimit;
  readonly absoluteSeconds: number;
  /** Whether an unproven address keeps users out; undefined if it is not known here. */
  readonly isVerificationRequired: boolean | undefined;
  /** Null for a cookie of one host; undefined if it is not known here. */
  readonly cookieDomain: string | null | undefined;
}

export function explainSettingsOf(config: Config): ExplainSettings {
  const { rateLimits, sessionLifetime, features, cookies } = config;
  return {
    pause: rateLimits.pause,
    account: rateLimits.signInPerAccount,
    network: rateLimits.wrongPasswordsPerAddress,
    absoluteSeconds: sessionLifetime.absoluteSeconds,
    isVerificationRequired: features['email-verification']?.mode === 'required',
    cookieDomain: cookies.domain ?? null,
  };
}

/** Where the settings of the service are not known: the defaults of its limits. */
export function defaultExplainSettings(): ExplainSettings {
  const defaults = coreVariables.parse({});
  return {
    pause: readPauseRule(defaults.LIMIT_PAUSE),
    account: readRateLimit(defaults.RATE_LIMIT_SIGN_IN_PER_ACCOUNT),
    network: readRateLimit(defaultNetworkLimit),
    absoluteSeconds: defaults.SESSION_ABSOLUTE_DAYS * 86_400,
    isVerificationRequired: undefined,
    cookieDomain: undefined,
  };
}
