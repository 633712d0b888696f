/**
 * Keeps the advice about a breached password while a sign-in waits for its second factor, so that the response to the
 * completed sign-in has it too: the page that reads that one may be another than the page that sent the password.
 */
import { createHash, randomUUID } from 'node:crypto';
import { and, eq, gt, sql } from 'drizzle-orm';
import type { Orm } from '../../db/client.js';
import { verification } from '../../db/schema.js';

/** As long as a sign-in may wait for a second factor to be set up. */
const lifetimeMinutes = 60;

/** Not the token itself: a reader of the table must not be able to continue the sign-in. */
function identifierOf(token: string): string {
  return `password-breached|${createHash('sha256').update(token).digest('base64url')}`;
}

export function createKeptAdvice(orm: Orm) {
  return {
    /** @param token of the pending session. @throws the driver's error */
    async keep(token: string, userId: string): Promise<void> {
      await orm.insert(verification).values({
        id: randomUUID(),
        identifier: identifierOf(token),
        value: userId,
        expiresAt: sql`statement_timestamp() + make_interval(mins => ${lifetimeMinutes}::int)`,
      });
    },

    /** @returns whether there was advice for this sign-in, which is forgotten. @throws the driver's error */
    async take(token: string, userId: string): Promise<boolean> {
      const kept = and(
        eq(verification.identifier, identifierOf(token)),
        eq(verification.value, userId),
        gt(verification.expiresAt, sql`statement_timestamp()`),
      );
      const taken = await orm.delete(verification).where(kept).returning({ id: verification.id });
      return taken.length > 0;
    },
  };
}
