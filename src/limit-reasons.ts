/** Why a request was answered 429. `npm run docs` writes the table in docs/limits.md from it. */

export type SignInLimitName = 'address' | 'account' | 'account_network';

/** What was counted, as in the log and in the label of the counter `auth_rate_limited_total`. */
export type LimitName = SignInLimitName | 'recipient' | 'network';

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
      'wrong passwords, or requests to another endpoint, from one client address (`limit: "address"`); 20 mails in ten minutes that one network asked for (`limit: "network"`)',
    fix: 'the `variable` of the log line; for a school see [the values below](#values-for-a-school)',
  },
  limit_recipient: {
    meaning:
      'mails to one address: three in ten minutes, whoever asks for them (`limit: "recipient"`)',
    fix: 'nothing: the mails before have arrived, or the log says why not',
  },
} as const satisfies Record<string, Entry>;

export function limitReasonOf(limit: LimitName): LimitReason {
  if (limit === 'recipient') return 'limit_recipient';
  return limit === 'address' || limit === 'network' ? 'limit_network' : 'limit_account';
}
