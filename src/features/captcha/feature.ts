/** Captcha: a proof that no program asks, once earlier attempts have used up half of a limit. */
import { z } from 'zod';
import { oneOf } from '../../config/variable-types.js';
import { defineFeature } from '../definition.js';

export interface SiteVerification {
  readonly provider: 'turnstile' | 'hcaptcha';
  readonly siteKey: string;
  readonly secretKey: string;
  /** The provider's endpoint that checks tokens. */
  readonly verifyUrl: string;
}

export type CaptchaSettings = ({ readonly provider: 'altcha' } | SiteVerification) & {
  /** Whether a request passes while its token cannot be checked. */
  readonly isOpenOnOutage: boolean;
};

const verifyUrls = {
  turnstile: 'https://challenges.cloudflare.com/turnstile/v0/siteverify',
  hcaptcha: 'https://api.hcaptcha.com/siteverify',
} as const;

export const captcha = defineFeature({
  name: 'captcha',
  summary: 'asks for a captcha once half of a limit is used up',
  variables: {
    CAPTCHA: oneOf(['off', 'altcha', 'turnstile', 'hcaptcha'])
      .default('off')
      .describe(
        'the captcha that is asked for once half of a limit is used up: `altcha` is a proof of work without a third party, `turnstile` is Cloudflare’s, `hcaptcha` is hCaptcha’s',
      ),
    CAPTCHA_SITE_KEY: z
      .string()
      .optional()
      .describe('the public key of Turnstile or hCaptcha, with which pages show the captcha'),
    CAPTCHA_SECRET_KEY: z
      .string()
      .optional()
      .describe('the secret key of Turnstile or hCaptcha, with which this service checks tokens'),
    CAPTCHA_ON_OUTAGE: oneOf(['open', 'closed'])
      .default('open')
      .describe(
        'what happens to requests while Turnstile or hCaptcha cannot be asked: `open` lets them pass, within the limits, and `closed` refuses them',
      ),
  },
  readSettings(
    {
      CAPTCHA: provider,
      CAPTCHA_SITE_KEY: siteKey,
      CAPTCHA_SECRET_KEY: secretKey,
      CAPTCHA_ON_OUTAGE: onOutage,
    },
    _core,
    report,
  ): CaptchaSettings | undefined {
    const isOpenOnOutage = onOutage === 'open';
    if (provider === 'off' || provider === 'altcha') {
      if (siteKey !== undefined || secretKey !== undefined) {
        report({
          level: 'warn',
          code: 'CAPTCHA_KEYS_UNUSED',
          variable: siteKey === undefined ? 'CAPTCHA_SECRET_KEY' : 'CAPTCHA_SITE_KEY',
          message: `has no effect: CAPTCHA is ${provider}`,
          fix: 'set CAPTCHA=turnstile or CAPTCHA=hcaptcha, or remove the key',
        });
      }
      return provider === 'off' ? undefined : { provider, isOpenOnOutage };
    }
    if (siteKey === undefined || secretKey === undefined) {
      report({
        level: 'error',
        code: 'CAPTCHA_KEYS_MISSING',
        variable: siteKey === undefined ? 'CAPTCHA_SITE_KEY' : 'CAPTCHA_SECRET_KEY',
        message: `is not set, and CAPTCHA=${provider} needs it`,
        fix: 'set both keys as the provider shows them, or CAPTCHA=altcha, which needs none',
      });
      return undefined;
    }
    return { provider, siteKey, secretKey, verifyUrl: verifyUrls[provider], isOpenOnOutage };
  },
  startupFields: (settings) => ({ captcha: settings?.provider ?? 'off' }),
});

/** What `GET /api/auth/features` says about it. */
export function shownCaptcha(settings: CaptchaSettings) {
  const { provider } = settings;
  return {
    captcha: provider === 'altcha' ? { provider } : { provider, siteKey: settings.siteKey },
  };
}
