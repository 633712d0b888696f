/**
 * Ends sessions by token and verifies that they are gone: a sign-out that deleted nothing must not report success.
 */
import { inArray } from 'drizzle-orm';
import type { SessionLifetime } from '../session/lifetime.js';
import type { Orm } from './client.js';
import { session } from './schema.js';
import { endSessions as endAndRecord, type Ending } from './session-endings.js';

/**
 * Resolves when no session with these tokens exists; tokens without a row are ignored.
 * @returns ids of the users whose sessions were ended, without duplicates
 * @throws the driver's error, or an error if rows remain after the DELETE (because of a trigger or a row policy)
 */
export type EndSessions = (tokens: readonly string[], ending: Ending) => Promise<string[]>;

export function createEndSessions(orm: Orm, lifetime: SessionLifetime): EndSessions {
  return async function endSessions(tokens, ending) {
    // PostgreSQL cannot store a null character and rejects one in a parameter, so no such session exists.
    const ofTokens = inArray(
      session.token,
      tokens.filter((token) => !token.includes('\0')),
    );
    const isAnyLeft = async () => {
      const left = await orm.select({ id: session.id }).from(session).where(ofTokens).limit(1);
      return left.length > 0;
    };
    if (!(await isAnyLeft())) return [];
    const ended = await endAndRecord(orm, ofTokens, ending, lifetime);
    if (await isAnyLeft()) throw new Error('DELETE did not remove a row of the table session');
    return [...new Set(ended.map(({ userId }) => userId))];
  };
}
