/** After a restore of the database: mails that wait to be sent may have been sent since the backup. */
import { eq } from 'drizzle-orm';
import type { OrmOrTransaction } from '../../db/client.js';
import { mailOutbox } from './tables.js';

/** @returns how many were deleted */
export async function discardPending(db: OrmOrTransaction): Promise<number> {
  const pending = eq(mailOutbox.state, 'pending');
  const deleted = await db.delete(mailOutbox).where(pending).returning({ id: mailOutbox.id });
  return deleted.length;
}
