/** Names that the road and BetterAuth's options share. Apart from them, because BetterAuth loads late (late-auth.ts). */

/** The header our own door writes the client's address into; whatever a visitor sends under it is dropped. */
export const clientIpHeader = 'x-auth-service-client-ip';

/** Where BetterAuth's endpoints live; its stock clients expect it there. */
export const authBasePath = '/api/auth';

/**
 * The endpoints that hash a password: each costs a core for as long as a hash takes, so they wait for their turn
 * (password-admission.ts). An unknown e-mail address costs a hash as well, lest the time tell who has an account.
 */
export const passwordEndpoints: readonly string[] = [
  '/sign-in/email',
  '/sign-up/email',
  '/change-password',
  '/verify-password',
  '/reset-password',
  '/delete-user',
];
