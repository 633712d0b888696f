/**
 * Answers 429 to a request for a mail that was not sent because of its limits, where the answer would otherwise be 200.
 * Mails to addresses without an account are counted in the same way, so the answer does not reveal who has one.
 */
import type { BetterAuthOptions } from 'better-auth';
import { APIError } from 'better-auth/api';
import { errorTable } from '../errors.js';
import type { RequestScopes } from '../request-scope.js';

type Hooks = Required<NonNullable<BetterAuthOptions['hooks']>>;

/** The endpoints whose only effect is a mail. */
const mailRequestPaths: readonly string[] = [
  '/send-verification-email',
  '/request-password-reset',
  '/sign-in/magic-link',
  '/email-otp/send-verification-otp',
];

export function refuseLimitedMails(hooks: Hooks, scopes: RequestScopes): Hooks {
  return {
    before: hooks.before,
    after: async (ctx) => {
      const result: unknown = await hooks.after(ctx);
      const scope = scopes.getStore();
      const { path } = ctx as unknown as { path: string };
      if (scope?.limitedMail === undefined || !mailRequestPaths.includes(path)) return result;
      const { limit, retryAfterSeconds } = scope.limitedMail;
      scope.limited = { limit, variable: undefined, retryAfterSeconds };
      const { message } = errorTable.TOO_MANY_REQUESTS;
      throw new APIError(
        'TOO_MANY_REQUESTS',
        { code: 'TOO_MANY_REQUESTS', message },
        { 'X-Retry-After': String(retryAfterSeconds) },
      );
    },
  };
}
