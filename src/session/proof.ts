/** How the user of a session has proven who they are, in the words of NIST SP 800-63B and RFC 8176. */

/** `recovery` is a mailed link with which a new password was chosen. */
export type ProofMethod =
  'password' | 'link' | 'code' | 'provider' | 'recovery' | 'passkey' | 'totp' | 'backup_code';

export interface Proof {
  readonly method: ProofMethod;
  /** ISO 8601. */
  readonly provenAt: string;
}

/** Authenticator assurance level: 2 means two factors, or one that is two, such as a passkey with user verification. */
export type Aal = 1 | 2;

/** What a sign-in waits for; `enrol`: the user has no second factor, but must have one. */
export type SecondFactorDue = 'verify' | 'enrol';

/** What a session stores of its proofs. */
export interface SessionProofs {
  readonly aal: Aal;
  /** One for each method, the oldest first. */
  readonly methods: readonly Proof[];
  /** The time of the latest one. */
  readonly provenAt: Date;
}

/** How long a proof is fresh. */
export const freshMinutes = 10;

/** Whether a proof is fresh. One in the future is none: it would stay fresh for as long. @param now by the same clock */
export function isFreshProof(provenAt: Date, now: Date): boolean {
  return Math.abs(now.getTime() - provenAt.getTime()) <= freshMinutes * 60_000;
}

/** The proofs of a session to which one is added, or whose proof by this method is renewed. @param aal of this proof */
export function withProof(
  proofs: Pick<SessionProofs, 'aal' | 'methods'> | undefined,
  method: ProofMethod,
  aal: Aal,
  now = new Date(),
): SessionProofs {
  const others = (proofs?.methods ?? []).filter((proof) => proof.method !== method);
  return {
    aal: proofs?.aal === 2 ? 2 : aal,
    methods: [...others, { method, provenAt: now.toISOString() }],
    provenAt: now,
  };
}
