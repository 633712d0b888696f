/** The second factor that a sign-in still needs: the service names it in the answer, and as the reason of a session check. */

export interface SecondFactorDue {
  /** `verify` one that the account has; `enrol` where the service requires one and the account has none. */
  readonly due: 'verify' | 'enrol';
  /** `totp`, `backup_code`, `passkey`: what the account has, or can enrol. Undefined where unknown, as after a reload. */
  readonly methods?: readonly string[] | undefined;
}

/** The code of a sign-in whose first factor was right. */
export const secondFactorDueCode = 'SECOND_FACTOR_DUE';

/** @param reason of a session check */
export function dueByReason(reason: string | undefined): SecondFactorDue['due'] | undefined {
  if (reason === 'second_factor_required') return 'verify';
  return reason === 'second_factor_enrolment_required' ? 'enrol' : undefined;
}
