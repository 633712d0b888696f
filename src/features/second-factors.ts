/** How the second factors of each feature are deleted: one line each. For what ends access of others, and for operators. */
import type { OrmOrTransaction } from '../db/client.js';
import type { FeatureSettings } from './definitions.js';
import { wayIn as passkeys } from './passkeys/way-in.js';
import { describeFactors as describeTotp } from './totp/describe-factors.js';
import { removeFactors as removeTotp } from './totp/remove-factors.js';

type RemoveFactors = (tx: OrmOrTransaction, userId: string, since?: Date) => Promise<boolean>;

/** By the name that an operator sees. */
const secondFactorRemovers: Readonly<Record<string, RemoveFactors>> = {
  'authenticator app': removeTotp,
  passkeys: async (tx, userId, since) => (await passkeys.removeAll(tx, userId, since)) > 0,
};

/** Each returns what an operator sees of the user's factors; undefined if there is none. */
const describers: readonly ((
  db: OrmOrTransaction,
  userId: string,
) => Promise<string | undefined>)[] = [describeTotp, describePasskeys];

async function describePasskeys(db: OrmOrTransaction, userId: string): Promise<string | undefined> {
  const count = await passkeys.count(db, userId);
  return count === 0 ? undefined : `passkeys: ${count}`;
}

/** Whether the user has a second factor of a feature that is on. */
export async function hasSecondFactor(
  db: OrmOrTransaction,
  { passkeys: areUsed, totp: isOn }: FeatureSettings,
  userId: string,
): Promise<boolean> {
  if (isOn !== undefined && (await describeTotp(db, userId)) !== undefined) return true;
  return areUsed !== undefined && (await passkeys.count(db, userId)) > 0;
}

/** What an operator sees of the user's second factors; empty if there is none. */
export async function describeSecondFactors(
  db: OrmOrTransaction,
  userId: string,
): Promise<string[]> {
  const described: string[] = [];
  for (const describe of describers) described.push(...[(await describe(db, userId)) ?? []].flat());
  return described;
}

/**
 * Within a transaction that has locked the user.
 * @param since removes only those that were set up after it
 * @returns the names of those that were removed
 */
export async function removeSecondFactors(
  tx: OrmOrTransaction,
  userId: string,
  since?: Date,
): Promise<string[]> {
  const removed: string[] = [];
  for (const [name, remove] of Object.entries(secondFactorRemovers)) {
    if (await remove(tx, userId, since)) removed.push(name);
  }
  return removed;
}
