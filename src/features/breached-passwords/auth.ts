/** BetterAuth's side of breached passwords: a check of each new password, and advice after a sign-in. */
import { APIError, createAuthMiddleware } from 'better-auth/api';
import type { AuthDependencies } from '../../auth/auth-dependencies.js';
import { newPasswordFields } from '../../auth/auth-hooks.js';
import type { AuthPart } from '../../auth/auth-part.js';
import { passwordSignInPath } from '../../auth/auth-constants.js';
import { provingEndpoints } from '../../auth/first-factors.js';
import { maximumPasswordLength, minimumPasswordLength } from '../../auth/password.js';
import { counterName } from './counters.js';
import type { BreachedPasswordsSettings } from './feature.js';
import { createKeptAdvice } from './kept-advice.js';
import { createLookup } from './lookup.js';
import { LookupFailure } from './lookup-failure.js';
import { errors, reasons } from './reasons.js';

/** After a failure, sign-ins are not held up by further lookups for this long. */
const pauseMs = 30_000;

export function createAuthPart(
  settings: BreachedPasswordsSettings,
  { logger, orm, scopes, count }: Pick<AuthDependencies, 'logger' | 'orm' | 'scopes' | 'count'>,
): AuthPart {
  const isBreached = createLookup(settings);
  const keptAdvice = createKeptAdvice(orm);
  let pausedUntil = 0;

  /** @returns false for a password that could not be checked: an outage elsewhere locks nobody out */
  async function check(password: string, result: 'refused' | 'advised'): Promise<boolean> {
    try {
      const found = await isBreached(password);
      pausedUntil = 0;
      count?.(counterName, found ? result : 'clean');
      return found;
    } catch (error) {
      if (!(error instanceof LookupFailure)) throw error;
      const { reason, cause } = error;
      pausedUntil = performance.now() + pauseMs;
      count?.(counterName, reason);
      const { requestId } = scopes.getStore() ?? {};
      logger.warn(
        { reason, fix: reasons[reason].fix, err: cause, requestId },
        'a password was not checked for breaches',
      );
      return false;
    }
  }

  /** Advice is not worth a failed sign-in: a database that fails here leaves it out. */
  function withoutAdvice(err: unknown): false {
    const { requestId } = scopes.getStore() ?? {};
    logger.warn({ err, requestId }, 'the advice about a breached password was lost');
    return false;
  }

  return {
    plugins: [
      {
        id: 'breached-passwords',
        hooks: {
          before: [
            {
              matcher: ({ path = '' }) => path in newPasswordFields,
              handler: createAuthMiddleware(async ({ path, body }) => {
                const fields = (body ?? {}) as Record<string, unknown>;
                const password = fields[newPasswordFields[path] ?? ''];
                if (typeof password !== 'string' || !hasAllowedLength(password)) return;
                if (!(await check(password, 'refused'))) return;
                const { message } = errors.PASSWORD_BREACHED;
                throw new APIError('BAD_REQUEST', { code: 'PASSWORD_BREACHED', message });
              }),
            },
          ],
          after: [
            {
              matcher: ({ path }) => path === passwordSignInPath,
              handler: createAuthMiddleware(async (ctx) => {
                const { newSession, returned } = ctx.context;
                const { password } = (ctx.body ?? {}) as { password?: unknown };
                if (!newSession || typeof password !== 'string') return undefined;
                if (performance.now() < pausedUntil) return undefined;
                if (!(await check(password, 'advised'))) return undefined;
                const { requestId } = scopes.getStore() ?? {};
                logger.info(
                  { userId: newSession.user.id, requestId },
                  'signed in with a password that is known from a data breach',
                );
                const { token, userId } = newSession.session;
                if (scopes.getStore()?.pendingSignIn !== undefined)
                  await keptAdvice.keep(token, userId).catch(withoutAdvice);
                return ctx.json({ ...(returned as object), passwordBreached: true });
              }),
            },
            {
              matcher: ({ path = '' }) => provingEndpoints.includes(path),
              handler: createAuthMiddleware(async (ctx) => {
                const { newSession, returned } = ctx.context;
                const { sessionToken: pendingToken, hasRaisedSession } = scopes.getStore() ?? {};
                if (!newSession || hasRaisedSession === true || !pendingToken) return undefined;
                const { userId } = newSession.session;
                if (!(await keptAdvice.take(pendingToken, userId).catch(withoutAdvice)))
                  return undefined;
                return ctx.json({ ...(returned as object), passwordBreached: true });
              }),
            },
          ],
        },
      },
    ],
  };
}

/** Others are refused because of their length, without a lookup. */
function hasAllowedLength({ length }: string): boolean {
  return length >= minimumPasswordLength && length <= maximumPasswordLength;
}
