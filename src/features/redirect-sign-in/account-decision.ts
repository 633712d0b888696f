/**
 * Which account a provider's identity belongs to. An address links two sides only where both have proven it: otherwise
 * somebody could plant an account under another person's address, on either side (account pre-hijacking).
 */
import { and, eq } from 'drizzle-orm';
import type { OrmOrTransaction } from '../../db/client.js';
import { account, user } from '../../db/schema.js';
import type { IdentityProviders, ProviderIdentity } from '../../identity-providers.js';
import type { RedirectReasonName } from './reasons.js';

export type AccountDecision =
  /** The login is linked to this user. */
  | { readonly kind: 'known'; readonly userId: string }
  /** It is to be linked to this user. */
  | { readonly kind: 'link'; readonly userId: string }
  /** Nobody has the login or the address. */
  | { readonly kind: 'create' }
  /** The visitor has to prove an address, or that the account of this user is the own one. */
  | { readonly kind: 'prove'; readonly reason: ProofReason; readonly userId?: string }
  | { readonly kind: 'refuse'; readonly reason: RedirectReasonName };

type ProofReason = Extract<
  RedirectReasonName,
  'email_missing' | 'email_unverified' | 'account_exists_with_password'
>;

export interface SignUpRules extends Pick<IdentityProviders, 'signUp' | 'allowedDomains'> {
  /** A new account needs fields that no provider fills in. */
  readonly requiresFields: boolean;
}

/** @param linkUserId the user who asked to link the login */
export async function decideAccount(
  db: OrmOrTransaction,
  provider: string,
  { subject, email, emailVerified }: Pick<ProviderIdentity, 'subject' | 'email' | 'emailVerified'>,
  rules: SignUpRules,
  linkUserId?: string | null,
): Promise<AccountDecision> {
  const linked = await findLoginOwner(db, provider, subject);
  if (linkUserId) {
    if (linked === undefined) return { kind: 'link', userId: linkUserId };
    return linked === linkUserId
      ? { kind: 'known', userId: linkUserId }
      : { kind: 'refuse', reason: 'account_linked_elsewhere' };
  }
  if (linked !== undefined) return { kind: 'known', userId: linked };
  if (email === undefined) return { kind: 'prove', reason: 'email_missing' };
  // Not whether it has an account: that would reveal it to somebody who only claims the address.
  if (!emailVerified) return { kind: 'prove', reason: 'email_unverified' };
  const [found] = await db
    .select({ id: user.id, isProven: user.emailVerified })
    .from(user)
    .where(eq(user.email, email));
  if (found === undefined) {
    const reason = signUpRefusal(email, rules);
    return reason === undefined ? { kind: 'create' } : { kind: 'refuse', reason };
  }
  if (found.isProven) return { kind: 'link', userId: found.id };
  return { kind: 'prove', reason: 'account_exists_with_password', userId: found.id };
}

/** The id of the user who has the login. */
export async function findLoginOwner(
  db: OrmOrTransaction,
  provider: string,
  subject: string,
): Promise<string | undefined> {
  const [linked] = await db
    .select({ userId: account.userId })
    .from(account)
    .where(and(eq(account.providerId, provider), eq(account.accountId, subject)));
  return linked?.userId;
}

/** Why no account may be created for a proven address; undefined if one may. */
export function signUpRefusal(
  email: string,
  { signUp, allowedDomains, requiresFields }: SignUpRules,
): RedirectReasonName | undefined {
  if (!signUp) return 'sign_up_closed';
  const domain = email.slice(email.lastIndexOf('@') + 1);
  if (allowedDomains !== undefined && !allowedDomains.includes(domain)) return 'domain_not_allowed';
  return requiresFields ? 'profile_fields_required' : undefined;
}
