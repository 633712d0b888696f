/**
 * BetterAuth's side of the captcha. Its own plugin is not used: it asks on three paths whatever was counted, and an outage
 * of the provider refuses everybody after ten seconds.
 */
import { APIError, createAuthMiddleware } from 'better-auth/api';
import { withErrorsRecorded } from '../../auth/atomic-changes.js';
import { passwordSignInPath, signUpPath } from '../../auth/auth-constants.js';
import type { AuthDependencies } from '../../auth/auth-dependencies.js';
import type { AuthPart } from '../../auth/auth-part.js';
import { recordDatabaseError, type RequestScope } from '../../request-scope.js';
import { CaptchaFailure } from './captcha-provider.js';
import { counterName } from './counters.js';
import { createProvider } from './create-provider.js';
import type { CaptchaSettings } from './feature.js';
import { errorCodeOf, errors, reasons, type CaptchaReason } from './reasons.js';

/** The header of BetterAuth's captcha client. */
const tokenHeader = 'x-captcha-response';

const paths: readonly string[] = [
  passwordSignInPath,
  signUpPath,
  '/request-password-reset',
  '/sign-in/magic-link',
  '/email-otp/send-verification-otp',
];

export function createAuthPart(
  settings: CaptchaSettings,
  { config, orm, logger, scopes, count }: AuthDependencies,
): AuthPart {
  const provider = createProvider(settings, config, orm);

  /** @returns the reason why the token was not accepted; undefined if it was */
  async function check(token: string, scope: RequestScope): Promise<CaptchaReason | undefined> {
    try {
      if (token === '') {
        const isOutage = settings.isOpenOnOutage && provider.isFailing();
        throw new CaptchaFailure(isOutage ? 'captcha_unavailable' : 'captcha_required');
      }
      await provider.verify(token);
      count?.(counterName, 'passed');
      return undefined;
    } catch (error) {
      if (!(error instanceof CaptchaFailure)) {
        recordDatabaseError(scope, error); // of the statement that remembers a solution
        throw error;
      }
      const { reason, cause } = error;
      count?.(counterName, reason);
      const { requestId } = scope;
      const { meaning: hint, fix } = reasons[reason];
      const fields = { requestId, reason, hint, fix };
      if (reason === 'captcha_secret_wrong') logger.error(fields, 'a captcha was not checked');
      else if (isOutage(reason))
        logger.warn({ ...fields, err: cause }, 'a captcha was not checked');
      else logger.info({ requestId, reason }, 'captcha refused');
      return reason;
    }
  }

  return {
    plugins: [
      {
        id: 'captcha',
        hooks: {
          before: [
            {
              matcher: ({ path = '' }) => paths.includes(path),
              // The limits have counted the attempt before: BetterAuth's rate limit and the core's hook run first.
              handler: createAuthMiddleware(async ({ headers }) => {
                const scope = scopes.getStore();
                if (scope?.limitUse?.isHalfUsed !== true) return;
                const reason = await check(headers?.get(tokenHeader) ?? '', scope);
                if (reason === undefined || (isOutage(reason) && settings.isOpenOnOutage)) return;
                // Otherwise asking for the captcha would itself use up the limit. A wrong token does: it costs a check.
                if (reason === 'captcha_required' || isOutage(reason)) {
                  await withErrorsRecorded(scopes, scope.limitUse.withdraw());
                }
                const code = errorCodeOf(reason);
                throw new APIError('FORBIDDEN', {
                  code,
                  message: errors[code].message,
                  reason,
                  captcha: { provider: settings.provider, ...(await provider.challenge()) },
                });
              }),
            },
          ],
        },
      },
    ],
  };
}

function isOutage(reason: CaptchaReason): boolean {
  return reason === 'captcha_unavailable' || reason === 'captcha_secret_wrong';
}
