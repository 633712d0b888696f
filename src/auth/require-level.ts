/** The level of an account, for changes that no list of endpoints covers (sensitive-endpoints.ts). */
import type { Session } from 'better-auth';
import type { OrmOrTransaction } from '../db/client.js';
import type { FeatureSettings } from '../features/definitions.js';
import { hasSecondFactor } from '../features/second-factors.js';
import { secondFactorRequired } from './fresh-session.js';

/** @throws APIError 403 if the account has a second factor that this session has not proven, as on a trusted device */
export async function requireLevel(
  tx: OrmOrTransaction,
  settings: FeatureSettings,
  session: Pick<Session, 'userId'>,
): Promise<void> {
  if ((session as { aal?: number }).aal === 2) return;
  if (await hasSecondFactor(tx, settings, session.userId)) throw secondFactorRequired();
}
