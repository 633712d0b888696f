/** Ends sessions by their tokens, and makes sure of it: a sign-out that ended nothing must not be told as one that did. */
import { inArray } from 'drizzle-orm';
import type { Orm } from './client.js';
import { session } from './schema.js';

/**
 * Settles when no session of these tokens is left; rows that are gone already are passed over.
 * @returns ids of the users whose sessions it ended, each once
 * @throws what the driver throws, or an error where rows are still there after the DELETE (a trigger, a row policy)
 */
export type EndSessions = (tokens: readonly string[]) => Promise<string[]>;

export function createEndSessions(orm: Orm): EndSessions {
  return async function endSessions(tokens) {
    // PostgreSQL stores no null character and refuses to look for one: there is no such session.
    const ofTokens = inArray(
      session.token,
      tokens.filter((token) => !token.includes('\0')),
    );
    const isAnyLeft = async () => {
      const left = await orm.select({ id: session.id }).from(session).where(ofTokens).limit(1);
      return left.length > 0;
    };
    if (!(await isAnyLeft())) return [];
    const ended = await orm.delete(session).where(ofTokens).returning({ userId: session.userId });
    if (await isAnyLeft()) throw new Error('DELETE left a row of the table session where it was');
    return [...new Set(ended.map(({ userId }) => userId))];
  };
}
