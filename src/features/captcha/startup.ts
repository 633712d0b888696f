/** Checks at start whether the provider accepts the secret key. */
import type { Finding } from '../../config/finding.js';
import type { StartupServices } from '../slots.js';
import { CaptchaFailure } from './captcha-provider.js';
import { createProvider } from './create-provider.js';
import type { CaptchaSettings } from './feature.js';
import { reasons } from './reasons.js';

export async function findStartupFaults(
  settings: CaptchaSettings,
  { config, database }: Pick<StartupServices, 'config' | 'database'>,
): Promise<readonly Finding[]> {
  if (settings.provider === 'altcha') return [];
  try {
    await createProvider(settings, config, database.orm).verify('a token that is not valid');
  } catch (error) {
    if (!(error instanceof CaptchaFailure)) throw error;
    const { reason } = error;
    if (reason !== 'captcha_unavailable' && reason !== 'captcha_secret_wrong') return [];
    const meanwhile = settings.isOpenOnOutage ? 'pass without one' : 'are refused';
    return [
      {
        level: 'warn',
        code: reason === 'captcha_secret_wrong' ? 'CAPTCHA_SECRET_WRONG' : 'CAPTCHA_UNAVAILABLE',
        variable: reason === 'captcha_secret_wrong' ? 'CAPTCHA_SECRET_KEY' : 'CAPTCHA',
        message: `${reasons[reason].meaning}: requests for which a captcha is due ${meanwhile}`,
        fix: reasons[reason].fix,
      },
    ];
  }
  return [];
}
