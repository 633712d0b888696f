/** Passkeys, as what removes or counts all ways to sign in sees them. */
import { count, eq } from 'drizzle-orm';
import type { OrmOrTransaction } from '../../db/client.js';
import { passkey } from './tables.js';

export const wayIn = {
  feature: 'passkeys',
  async count(db: OrmOrTransaction, userId: string): Promise<number> {
    const [row] = await db
      .select({ passkeys: count() })
      .from(passkey)
      .where(eq(passkey.userId, userId));
    return row?.passkeys ?? 0;
  },
  async removeAll(tx: OrmOrTransaction, userId: string): Promise<number> {
    const removed = await tx
      .delete(passkey)
      .where(eq(passkey.userId, userId))
      .returning({ id: passkey.id });
    return removed.length;
  },
} as const;
