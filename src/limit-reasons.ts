/** Why a request was answered 429. `npm run docs` writes the table in docs/limits.md from it. */

/** What was counted, as in the log and in the label of the counter `auth_rate_limited_total`. */
export type LimitName = 'address' | 'account' | 'account_network';

export type LimitReason = keyof typeof limitReasons;

interface Entry {
  readonly meaning: string;
  /** For the operator. */
  readonly fix: string;
}

export const limitReasons = {
  limit_account: {
    meaning:
      'wrong passwords for one account: from this network or device (`limit: "account_network"`), or from all unknown networks together (`limit: "account"`)',
    fix: '`LIMIT_PAUSE`, `RATE_LIMIT_SIGN_IN_PER_ACCOUNT`; for one user `npm run user -- unlock EMAIL`',
  },
  limit_network: {
    meaning:
      'wrong passwords, or requests to another endpoint, from one client address (`limit: "address"`)',
    fix: 'the `variable` of the log line; for a school see [the values below](#values-for-a-school)',
  },
} as const satisfies Record<string, Entry>;

export function limitReasonOf(limit: LimitName): LimitReason {
  return limit === 'address' ? 'limit_network' : 'limit_account';
}
