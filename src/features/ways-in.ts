/**
 * Ways to sign in that features add to an account besides passwords and linked logins, which are the core's: one line each.
 * What ends all access to an account removes them, and what removes a way in counts them.
 */
import type { OrmOrTransaction } from '../db/client.js';
import type { FeatureSettings } from './definitions.js';
import { wayIn as passkeys } from './passkeys/way-in.js';

interface WayIn {
  /** The feature without which it signs in to nothing. */
  readonly feature: keyof FeatureSettings;
  /** How many of them the user has. */
  count(db: OrmOrTransaction, userId: string): Promise<number>;
  /** @param since removes only those that were added after it. @returns how many were removed */
  removeAll(tx: OrmOrTransaction, userId: string, since?: Date): Promise<number>;
}

const waysIn: readonly WayIn[] = [passkeys];

/** Whether the user can sign in with one of them. */
export async function hasFeatureWayIn(
  db: OrmOrTransaction,
  settings: FeatureSettings,
  userId: string,
): Promise<boolean> {
  for (const way of waysIn) {
    if (settings[way.feature] !== undefined && (await way.count(db, userId)) > 0) return true;
  }
  return false;
}

/**
 * Those that somebody else may have added, whether the feature is on or off: otherwise they would return with it. Not older
 * ones: the mailbox would be the only factor of an account that has nothing but passkeys.
 */
export async function removeFeatureWaysIn(
  tx: OrmOrTransaction,
  userId: string,
  since: Date,
): Promise<void> {
  for (const way of waysIn) await way.removeAll(tx, userId, since);
}
