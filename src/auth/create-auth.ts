/** BetterAuth, reduced to the one thing the rest of the service may do with it. */
import { betterAuth } from 'better-auth';
import { createAuthOptions, type AuthDependencies } from './auth-options.js';

/** Answers one request under `/api/auth/`. */
export type AuthHandler = (request: Request) => Promise<Response>;

export function createAuth(dependencies: AuthDependencies): AuthHandler {
  const auth = betterAuth(createAuthOptions(dependencies));
  return (request) => auth.handler(request);
}
