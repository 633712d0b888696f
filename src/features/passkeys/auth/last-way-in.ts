/** Whether a user without passkeys could still sign in. */
import { eq } from 'drizzle-orm';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import type { OrmOrTransaction } from '../../../db/client.js';
import { account } from '../../../db/schema.js';

export async function hasAnotherWayIn(
  tx: OrmOrTransaction,
  { config, identityProviders }: Pick<AuthDependencies, 'config' | 'identityProviders'>,
  userId: string,
): Promise<boolean> {
  const { features } = config;
  // A reset gives a password to an account that has none.
  const byMail = [features['magic-link'], features['email-code'], features['password-reset']];
  if (byMail.some((settings) => settings !== undefined)) return true;
  const accounts = await tx
    .select({ provider: account.providerId, password: account.password })
    .from(account)
    .where(eq(account.userId, userId));
  return accounts.some(
    // A login at a provider that is not configured any more signs nobody in.
    ({ provider, password }) =>
      password !== null || identityProviders?.find(provider) !== undefined,
  );
}
