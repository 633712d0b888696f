/** Refusals of second factors. */
import type { APIError } from 'better-auth/api';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { createNamedRefusals } from '../../../auth/named-refusals.js';
import { counterName } from '../counters.js';
import { codeOfReason, reasons, type FactorReasonName } from '../reasons.js';

export type Refuse = ReturnType<typeof createRefuse>;

export function createRefuse(dependencies: AuthDependencies) {
  const logMessage = 'second factor refused';
  const table = { reasons, codeOfReason, counterName, logMessage };
  const refuse = createNamedRefusals<FactorReasonName>(dependencies, table);

  /** @param details shown in the response and the log. @returns the error to throw */
  return (reason: FactorReasonName, details: Readonly<Record<string, number>> = {}): APIError =>
    refuse(reason, { logged: details, shown: details });
}
