/** What features bring to sign-in-gate.ts: second factors, and the rule when one is due. */
import type { GenericEndpointContext } from 'better-auth';
import type { OrmOrTransaction } from '../db/client.js';

/** @throws APIError where a concurrent request has used the proof up */
export type UseProof = (tx: OrmOrTransaction) => Promise<void>;

export interface SecondFactor {
  readonly method: 'totp' | 'backup_code' | 'passkey';
  /** The field of a request to `/step-up` that carries its proof. */
  readonly field: string;
  /** Whether the user has it. */
  isEnrolled(db: OrmOrTransaction, userId: string): Promise<boolean>;
  /**
   * Verifies the proof, outside of a transaction: what a refusal writes must not be undone. The caller has counted the
   * attempt (second-factor-limit.ts).
   * @returns uses the proof up, in the transaction of what it allows
   * @throws APIError with the factor's reason, as the returned function does
   */
  check(ctx: GenericEndpointContext, userId: string, value: unknown): Promise<UseProof>;
}

export interface SecondFactorPolicy {
  /** Whether every user must have a second factor. */
  readonly isRequired: boolean;
  /** Whether this browser may skip the second factor; such a session stays at level 1. */
  isTrustedDevice(ctx: GenericEndpointContext, userId: string): Promise<boolean>;
}

/** The second factors that the user has. @param factors of the enabled features */
export async function enrolledMethods(
  factors: readonly SecondFactor[],
  db: OrmOrTransaction,
  userId: string,
): Promise<SecondFactor['method'][]> {
  const enrolled: SecondFactor['method'][] = [];
  for (const factor of factors) {
    if (await factor.isEnrolled(db, userId)) enrolled.push(factor.method);
  }
  return enrolled;
}
