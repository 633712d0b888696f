/** Constants shared by the request pipeline and BetterAuth's options. In a file of their own, because BetterAuth is loaded lazily (lazy-auth.ts). */

/** Internal header for the client's address (client-ip.ts); a value sent by the client is dropped. */
export const clientIpHeader = 'x-auth-service-client-ip';

/** The base path of BetterAuth's endpoints; its stock clients expect this one. */
export const authBasePath = '/api/auth';

export const getSessionPath = `${authBasePath}/get-session`;

/** Below the base path. */
export const passwordSignInPath = '/sign-in/email';

/** Below the base path. */
export const signUpPath = '/sign-up/email';

/**
 * The endpoints that hash a password: each occupies a core for the duration of the hash, so they are queued
 * (request-admission.ts). An unknown e-mail address costs a hash too, so that timing does not reveal who has an account.
 */
export const passwordEndpoints: readonly string[] = [
  passwordSignInPath,
  '/sign-up/email',
  '/change-password',
  '/verify-password',
  '/step-up',
  '/reset-password',
  '/verify-email',
  '/delete-user',
  '/change-email',
  '/change-email/verify',
  '/two-factor/enable',
  '/two-factor/disable',
  '/two-factor/generate-backup-codes',
];
