/**
 * Adds an absolute timeout (ASVS 7.3.2) to BetterAuth's sliding sessions: caps the expiry of sessions that it reads and
 * writes, and skips a refresh that would not extend the session.
 */
import type { BetterAuthOptions } from 'better-auth';
import { setShouldSkipSessionRefresh } from 'better-auth/api';
import type { RequestScopes } from '../request-scope.js';
import {
  absoluteExpiry,
  capExpiry,
  isAtMaxLifetime,
  type SessionLifetime,
  type SessionTimes,
} from '../session/lifetime.js';
import { changeAdapter, type CreateAdapter } from './change-adapter.js';

type DatabaseHooks = NonNullable<BetterAuthOptions['databaseHooks']>;

/** Caps the expiry of sessions that BetterAuth reads outside transactions. */
export function capSessions(
  create: CreateAdapter,
  rules: SessionLifetime,
  scopes: RequestScopes,
): CreateAdapter {
  return changeAdapter(create, ({ findOne, findMany }, begin) => {
    if (begin === undefined) return {};
    return {
      findOne: async <T>(query: Parameters<typeof findOne>[0]) => {
        const found = await findOne<T>(query);
        if (found === null || query.model !== 'session') return found;
        const session = capExpiry(found as T & SessionTimes & { token: string }, rules);
        const scope = scopes.getStore();
        // BetterAuth sets the cookie's Max-Age without regard to the absolute timeout: http/cookie-lifetime.ts caps it.
        if (scope)
          (scope.absoluteExpiries ??= new Map()).set(session.token, absoluteExpiry(session, rules));
        // A refresh would extend nothing, at the cost of a write per request.
        if (isAtMaxLifetime(session, rules)) await setShouldSkipSessionRefresh(true);
        return session;
      },
      findMany: async <T>(query: Parameters<typeof findMany>[0]) => {
        const found = await findMany<T>(query);
        if (query.model !== 'session') return found;
        return found.map((session) => capExpiry(session as T & SessionTimes, rules));
      },
    };
  });
}

/** Caps the expiry that BetterAuth writes at a refresh. */
export function capRefresh(rules: SessionLifetime): DatabaseHooks {
  return {
    session: {
      update: {
        // eslint-disable-next-line @typescript-eslint/require-await -- BetterAuth awaits it
        async before({ expiresAt }, ctx) {
          const current = ctx?.context.session?.session;
          if (expiresAt === undefined || current === undefined) return;
          const end = absoluteExpiry(current, rules);
          return expiresAt > end ? { data: { expiresAt: end } } : undefined;
        },
      },
    },
  };
}
