/** The session of the request, as the pipeline selected it: BetterAuth's own look-up would refresh it and set cookies. */
import type { AuthContext } from 'better-auth';
import type { RequestScopes } from '../request-scope.js';

/** The session of the effective credential with its user, if it is active. */
export async function findOwnSession(
  adapter: AuthContext['internalAdapter'],
  scopes: RequestScopes,
) {
  const token = scopes.getStore()?.sessionToken;
  if (token === undefined) return undefined;
  const found = await adapter.findSession(token);
  return found !== null && found.session.expiresAt >= new Date() ? found : undefined;
}
