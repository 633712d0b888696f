/** Refuses to end the account of the last operator, as BetterAuth's endpoints answer. */
import { APIError } from 'better-auth/api';
import type { OrmOrTransaction } from '../db/client.js';
import { LastAdminError, requireOtherAdmin } from '../db/last-admin.js';

/**
 * Within a transaction that has locked the user.
 * @throws APIError 409 LAST_ADMIN
 */
export async function refuseLastAdmin(tx: OrmOrTransaction, userId: string): Promise<void> {
  try {
    await requireOtherAdmin(tx, userId);
  } catch (error) {
    if (!(error instanceof LastAdminError)) throw error;
    const { message } = error;
    throw new APIError('CONFLICT', { code: 'LAST_ADMIN', message, reason: 'last_admin' });
  }
}
