/**
 * Fresh proofs (ASVS 7.5.1): who changes how an account is entered must have proven recently who they are, and at the level
 * of the account. An endpoint that is given the right password in the same request needs nothing else.
 */
import type { GenericEndpointContext } from 'better-auth';
import { APIError } from 'better-auth/api';
import { errorTable } from '../errors.js';
import { wrongPassword } from './verified-password.js';

/** How long a proof is fresh. */
export const freshMinutes = 10;

/**
 * Merged into the context of BetterAuth's `/list-sessions`, which requires a fresh session although it changes nothing: it
 * would reject users who look for unknown sessions. 0 disables the requirement.
 */
export const withoutFreshness = { context: { sessionConfig: { freshAge: 0 } } };

/** As BetterAuth reads it, with the fields of session-proof-fields.ts. */
interface OwnSession {
  readonly session: object;
  readonly user: object;
}

/** @throws APIError 403 unless the latest proof of the session is fresh */
export function requireFreshProof({ session }: Pick<OwnSession, 'session'>): void {
  const { provenAt } = session as { provenAt?: Date };
  if (provenAt !== undefined && Date.now() - provenAt.getTime() <= freshMinutes * 60_000) return;
  const { message } = errorTable.SESSION_NOT_FRESH;
  throw new APIError('FORBIDDEN', { code: 'SESSION_NOT_FRESH', message, reason: 'not_fresh' });
}

/** @throws APIError 403 if the account has a second factor that this session has not proven, as on a trusted device */
export function requireSecondFactor({ session, user }: OwnSession): void {
  const { twoFactorEnabled } = user as { twoFactorEnabled?: boolean };
  if (twoFactorEnabled !== true || (session as { aal?: number }).aal === 2) return;
  const { message } = errorTable.SECOND_FACTOR_REQUIRED;
  throw new APIError('FORBIDDEN', {
    code: 'SECOND_FACTOR_REQUIRED',
    message,
    reason: 'aal2_required',
  });
}

/**
 * For an endpoint that takes the password: the right one is a fresh proof.
 * @throws APIError 400 for a wrong password, otherwise as requireFreshProof
 */
export async function requirePasswordOrFreshProof(
  { context }: GenericEndpointContext,
  own: OwnSession & { readonly user: { readonly id: string } },
  password: string | undefined,
): Promise<void> {
  if (password === undefined) {
    requireFreshProof(own);
    return;
  }
  const credential = await context.internalAdapter.findCredentialAccount(own.user.id);
  const hash = credential?.password;
  if (!hash || !(await context.password.verify({ hash, password }))) throw wrongPassword();
}
