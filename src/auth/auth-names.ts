/** Names that the road and BetterAuth's options share. Apart from them, because BetterAuth loads late (late-auth.ts). */

/** The header our own door writes the client's address into; whatever a visitor sends under it is dropped. */
export const clientIpHeader = 'x-auth-service-client-ip';

/** Where BetterAuth's endpoints live; its stock clients expect it there. */
export const authBasePath = '/api/auth';
