/** Refusals of the endpoints. */
import type { APIError } from 'better-auth/api';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { createNamedRefusals } from '../../../auth/named-refusals.js';
import { counterName } from '../counters.js';
import { codeOfReason, reasons, type PasskeyReasonName } from '../reasons.js';

/** For the log only: part of it is the caller's text. */
interface Evidence {
  /** What is wrong with the response. */
  readonly detail?: string;
  /** The page of the ceremony. */
  readonly origin?: string;
}

export type Refuse = ReturnType<typeof createRefuse>;

const longestEvidence = 200;

export function createRefuse(dependencies: AuthDependencies) {
  const table = { reasons, codeOfReason, counterName, logMessage: 'passkey refused' };
  const refuse = createNamedRefusals<PasskeyReasonName>(dependencies, table);

  /** @returns the error to throw */
  return (reason: PasskeyReasonName, evidence: Evidence = {}): APIError => {
    const fields = Object.entries(evidence).map(([name, text]: [string, string]) => [
      name,
      text.slice(0, longestEvidence),
    ]);
    return refuse(reason, { logged: Object.fromEntries(fields) as object });
  };
}

/** The message of what a library threw. */
export function detailOf(error: unknown): string {
  return error instanceof Error ? error.message : 'not an Error';
}
