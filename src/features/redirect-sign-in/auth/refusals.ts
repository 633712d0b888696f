/** Refusals of the endpoints. */
import type { APIError } from 'better-auth/api';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { createNamedRefusals } from '../../../auth/named-refusals.js';
import { counterName } from '../counters.js';
import { codeOfReason, reasons, type RedirectReasonName } from '../reasons.js';

/** What the page can offer to somebody who has to prove an address or an account. */
export interface NextStep {
  /** Sign in with the password of the account, then redeem again. */
  readonly password: boolean;
  /** Ask for a mail that proves the address. */
  readonly mail: boolean;
  /** An address must be entered. */
  readonly email: boolean;
  /** What the provider said, to fill in the form. */
  readonly address?: string | undefined;
}

export type Refuse = ReturnType<typeof createRefuse>;

export function createRefuse(dependencies: AuthDependencies) {
  const table = { reasons, codeOfReason, counterName, logMessage: 'redirect refused' };
  const refuse = createNamedRefusals<RedirectReasonName>(dependencies, table);

  /** @returns the error to throw */
  return (reason: RedirectReasonName, provider: string | undefined, next?: NextStep): APIError =>
    refuse(reason, { logged: { provider, redirect: 'failed' }, ...(next && { shown: { next } }) });
}
