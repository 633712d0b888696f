/** Whether a password is known from a breach, for operators who set one: the check that users' own passwords pass. */
import type { Logger } from '../log/logger.js';
import { createLookup } from './breached-passwords/lookup.js';
import { LookupFailure } from './breached-passwords/lookup-failure.js';
import { errors, reasons } from './breached-passwords/reasons.js';
import type { FeatureSettings } from './definitions.js';

/**
 * @returns the message for the operator; undefined for a password that is not known, while the check is off, and for one
 *   that could not be checked, as for users: that is logged with what to change
 */
export async function findBreach(
  { 'breached-passwords': settings }: Partial<FeatureSettings>,
  password: string,
  logger: Pick<Logger, 'warn'>,
): Promise<string | undefined> {
  if (settings === undefined) return undefined;
  try {
    const isBreached = await createLookup(settings)(password);
    return isBreached ? errors.PASSWORD_BREACHED.message : undefined;
  } catch (error) {
    if (!(error instanceof LookupFailure)) throw error;
    const { reason, cause } = error;
    const { fix } = reasons[reason];
    logger.warn({ reason, fix, err: cause }, 'a password was not checked for breaches');
    return undefined;
  }
}
