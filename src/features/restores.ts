/** What features had planned when a backup was made, and what would happen twice after its restore: one line each. */
import type { OrmOrTransaction } from '../db/client.js';
import { discardPending as discardMails } from './mail/discard-pending.js';

const discarders: readonly ((db: OrmOrTransaction) => Promise<number>)[] = [discardMails];

/** Discards all of it, whether the features are on or off. @returns the number of mails and other messages */
export async function discardPlannedMessages(db: OrmOrTransaction): Promise<number> {
  let discarded = 0;
  for (const discard of discarders) discarded += await discard(db);
  return discarded;
}
