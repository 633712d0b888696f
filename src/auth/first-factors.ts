/** The endpoints that sign in, and what each of them has proven: sign-in-gate.ts refuses to create a session for another one. */
import type { ProofMethod } from '../session/proof.js';

/** Endpoint → the first factor that it verifies. */
export const firstFactors: Readonly<Record<string, ProofMethod>> = {
  '/sign-in/email': 'password',
  '/sign-up/email': 'password',
  '/reset-password': 'recovery',
  '/verify-email': 'link',
  '/magic-link/verify': 'link',
  '/sign-in/email-otp': 'code',
  '/redirect/redeem': 'provider',
  '/redirect/confirm': 'provider',
  '/redirect/finish': 'provider',
};

/** Endpoints that create sessions with proofs of their own (pending-sign-in.ts). */
export const provingEndpoints: readonly string[] = [
  '/two-factor/verify-totp',
  '/two-factor/verify-backup-code',
  '/passkey/verify-authentication',
  '/passkey/verify-registration',
];

/** Continues the session at hand under a new token: BetterAuth's name for it. */
export const renewsSession = '/change-password';

/** The endpoints that sign in. */
export const startsSession: readonly string[] = [...Object.keys(firstFactors), ...provingEndpoints];
