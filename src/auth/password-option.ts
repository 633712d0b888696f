/** BetterAuth's `password` option: argon2id, and the effects of a verified password on the rest of the request. */
import type { BetterAuthOptions } from 'better-auth';
import { hashPassword, isOutdatedHash, verifyPassword, type PasswordCost } from './password.js';
import { revokeOtherSessionsFirst } from './atomic-changes.js';
import type { AuthDependencies } from './auth-dependencies.js';

type PasswordOption = NonNullable<NonNullable<BetterAuthOptions['emailAndPassword']>['password']>;

export function passwordOption(
  dependencies: Pick<AuthDependencies, 'config' | 'orm' | 'scopes'>,
  cost: PasswordCost | undefined,
): Required<PasswordOption> {
  const { scopes } = dependencies;
  return {
    hash: (password) => hashPassword(password, cost),
    async verify({ hash, password }) {
      const matches = await verifyPassword(hash, password);
      const scope = scopes.getStore();
      if (!matches || scope === undefined) return matches;
      scope.needsRehash = isOutdatedHash(hash, cost);
      scope.verified = { hash, password };
      const { mustRevokeOtherSessions, sessionToken } = scope;
      if (mustRevokeOtherSessions && sessionToken !== undefined) {
        await revokeOtherSessionsFirst(dependencies, sessionToken);
      }
      return true;
    },
  };
}
