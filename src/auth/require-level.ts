/** The level of an account, for changes that no list of endpoints covers (sensitive-endpoints.ts). */
import type { Session } from 'better-auth';
import { APIError } from 'better-auth/api';
import type { OrmOrTransaction } from '../db/client.js';
import { errorTable } from '../errors.js';
import type { FeatureSettings } from '../features/definitions.js';
import { hasSecondFactor } from '../features/second-factors.js';

/** @throws APIError 403 if the account has a second factor that this session has not proven, as on a trusted device */
export async function requireLevel(
  tx: OrmOrTransaction,
  settings: FeatureSettings,
  session: Pick<Session, 'userId'>,
): Promise<void> {
  if ((session as { aal?: number }).aal === 2) return;
  if (!(await hasSecondFactor(tx, settings, session.userId))) return;
  const { message } = errorTable.SECOND_FACTOR_REQUIRED;
  const body = { code: 'SECOND_FACTOR_REQUIRED', message, reason: 'aal2_required' };
  throw new APIError('FORBIDDEN', body);
}
