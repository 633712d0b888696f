/** What features bring to sign-in-gate.ts: second factors, and the rule when one is due. */
import type { GenericEndpointContext } from 'better-auth';
import type { OrmOrTransaction } from '../db/client.js';

export interface SecondFactor {
  readonly method: 'totp' | 'backup_code' | 'passkey';
  /** The field of a request to `/step-up` that carries its proof. */
  readonly field: string;
  /** Whether the user has it. */
  isEnrolled(db: OrmOrTransaction, userId: string): Promise<boolean>;
  /**
   * Verifies and uses up the proof. Attempts are counted by the caller, before the transaction: what is counted within it
   * would be undone with it.
   * @throws APIError with the factor's reason
   */
  verify(
    ctx: GenericEndpointContext,
    tx: OrmOrTransaction,
    userId: string,
    value: unknown,
  ): Promise<void>;
}

export interface SecondFactorPolicy {
  /** Whether every user must have a second factor. */
  readonly isRequired: boolean;
  /** Whether this browser may skip the second factor; such a session stays at level 1. */
  isTrustedDevice(ctx: GenericEndpointContext, userId: string): Promise<boolean>;
}
