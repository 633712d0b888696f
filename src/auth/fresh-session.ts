/**
 * Fresh proofs (ASVS 7.5.1): a request that changes how an account is entered must come from a session whose user has
 * proven recently who they are, at the level of the account. An endpoint that is given the right password needs nothing
 * else. sensitive-endpoints.ts adds to each refusal the methods with which the user can step up.
 */
import type { GenericEndpointContext } from 'better-auth';
import { APIError } from 'better-auth/api';
import { errorTable } from '../errors.js';
import { isFreshProof } from '../session/proof.js';
import { wrongPassword } from './verified-password.js';

/**
 * Merged into the context of BetterAuth's endpoints that compare the age of the session. `/list-sessions` changes nothing,
 * and would reject users who look for unknown sessions; the others are checked here first. 0 disables the comparison.
 */
export const withoutFreshness = { context: { sessionConfig: { freshAge: 0 } } };

/** As BetterAuth reads it, with the fields of session-proof-fields.ts. */
interface OwnSession {
  readonly session: object;
}

/** Whether the latest proof of the session is fresh. */
export function isProofFresh({ session }: OwnSession): boolean {
  const { provenAt } = session as { provenAt?: Date };
  return provenAt !== undefined && isFreshProof(provenAt, new Date());
}

/** @throws APIError 403 unless the latest proof of the session is fresh */
export function requireFreshProof(own: OwnSession): void {
  if (isProofFresh(own)) return;
  const { message } = errorTable.SESSION_NOT_FRESH;
  throw new APIError('FORBIDDEN', { code: 'SESSION_NOT_FRESH', message, reason: 'not_fresh' });
}

/**
 * For an account with a second factor that the session has not proven, as on a trusted device.
 * @param methods with which the user can step up, where they are known
 */
export function secondFactorRequired(methods?: readonly string[]): APIError {
  const { message } = errorTable.SECOND_FACTOR_REQUIRED;
  const body = { code: 'SECOND_FACTOR_REQUIRED', message, reason: 'aal2_required' };
  return new APIError('FORBIDDEN', { ...body, ...(methods && { methods }) });
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
