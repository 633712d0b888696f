/**
 * Answers 429 to a request for a mail that was not sent because of its limits, where the answer would otherwise be 200.
 * Mails to addresses without an account are counted in the same way, so the answer does not reveal who has one.
 */
import type { BetterAuthOptions } from 'better-auth';
import type { RequestScopes } from '../request-scope.js';
import { tooManyRequests } from './too-many-requests.js';

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
      throw tooManyRequests(scope, { limit, variable: undefined, retryAfterSeconds });
    },
  };
}
