/** The configured provider. */
import type { Config } from '../../config/config.js';
import type { Orm } from '../../db/client.js';
import type { CaptchaProvider } from './captcha-provider.js';
import type { CaptchaSettings } from './feature.js';
import { createProofOfWork } from './proof-of-work.js';
import { createSiteVerification } from './site-verification.js';

export function createProvider(
  settings: CaptchaSettings,
  config: Pick<Config, 'keyRing' | 'trustedOrigins' | 'originPatterns'>,
  orm: Orm,
): CaptchaProvider {
  return settings.provider === 'altcha'
    ? createProofOfWork(config.keyRing, orm)
    : createSiteVerification(settings, config);
}
