/**
 * Keeps BetterAuth's sliding sessions from sliding past their absolute end (ASVS 7.3.2), of which it knows nothing:
 * what it reads ends in time, what it writes too, and where nothing is left to extend it does not try.
 */
import type { BetterAuthOptions } from 'better-auth';
import type { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { setShouldSkipSessionRefresh } from 'better-auth/api';
import type { RequestScopes } from '../request-scope.js';
import {
  absoluteEnd,
  bounded,
  isAtItsEnd,
  type SessionLifetime,
  type SessionTimes,
} from '../session/lifetime.js';

type CreateAdapter = ReturnType<typeof drizzleAdapter>;
type DatabaseHooks = NonNullable<BetterAuthOptions['databaseHooks']>;

/** The same adapter, changed in place as in watched-adapter.ts: a session it reads never ends past its absolute end. */
export function boundSessions(
  create: CreateAdapter,
  rules: SessionLifetime,
  scopes: RequestScopes,
): CreateAdapter {
  return (options: BetterAuthOptions) => {
    const adapter = create(options);
    const { findOne, findMany } = adapter;
    adapter.findOne = async <T>(query: Parameters<typeof findOne>[0]) => {
      const found = await findOne<T>(query);
      if (found === null || query.model !== 'session') return found;
      const session = bounded(found as T & SessionTimes & { token: string }, rules);
      const scope = scopes.getStore();
      // What BetterAuth sets as the cookie's lifetime knows no absolute end: http/cookie-lifetime.ts cuts it.
      if (scope) (scope.absoluteEnds ??= new Map()).set(session.token, absoluteEnd(session, rules));
      // An extension would change nothing, at the price of a write with each request.
      if (isAtItsEnd(session, rules)) await setShouldSkipSessionRefresh(true);
      return session;
    };
    adapter.findMany = async <T>(query: Parameters<typeof findMany>[0]) => {
      const found = await findMany<T>(query);
      if (query.model !== 'session') return found;
      return found.map((session) => bounded(session as T & SessionTimes, rules));
    };
    return adapter;
  };
}

/** Cuts the extension that BetterAuth is about to write at the absolute end. */
export function endSessionsInTime(rules: SessionLifetime): DatabaseHooks {
  return {
    session: {
      update: {
        // eslint-disable-next-line @typescript-eslint/require-await -- BetterAuth awaits it
        async before({ expiresAt }, ctx) {
          const current = ctx?.context.session?.session;
          if (expiresAt === undefined || current === undefined) return;
          const end = absoluteEnd(current, rules);
          return expiresAt > end ? { data: { expiresAt: end } } : undefined;
        },
      },
    },
  };
}
