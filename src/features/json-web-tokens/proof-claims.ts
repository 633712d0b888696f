/** The claims of a token about how and when its user has proven who they are (OpenID Connect Core 2; RFC 9470, 6). */
import type { ProofMethod, SessionProofs } from '../../session/proof.js';

/**
 * RFC 8176 has no values for a mailed link or code and for another provider: these are the ones that others use. It is not
 * known whether a passkey's key is in hardware (`hwk`) or software (`swk`).
 */
const references: Readonly<Record<ProofMethod, string>> = {
  password: 'pwd',
  link: 'email',
  code: 'email',
  recovery: 'email',
  provider: 'fed',
  passkey: 'pop',
  totp: 'otp',
  backup_code: 'otp',
};

export interface ProofClaims {
  readonly acr: 'aal1' | 'aal2';
  /** Without duplicates. */
  readonly amr: readonly string[];
  /** The time of the latest proof, in seconds since 1970. */
  readonly auth_time: number;
}

export function proofClaims({ aal, methods, provenAt }: SessionProofs): ProofClaims {
  const used = methods.map(({ method }) => references[method]);
  return {
    acr: `aal${aal}`,
    amr: [...new Set([...used, ...(aal === 2 ? ['mfa'] : [])])],
    auth_time: Math.floor(provenAt.getTime() / 1000),
  };
}
