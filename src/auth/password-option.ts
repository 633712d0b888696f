/** BetterAuth's `password` option: argon2id, and what a verified password means for the rest of the request. */
import type { BetterAuthOptions } from 'better-auth';
import type { Orm } from '../db/client.js';
import type { RequestScopes } from '../request-scope.js';
import { hashPassword, isOutdatedHash, verifyPassword, type PasswordCost } from './password.js';
import { endOtherSessions } from './safe-order.js';

type PasswordOption = NonNullable<NonNullable<BetterAuthOptions['emailAndPassword']>['password']>;

export function passwordOption(
  orm: Orm,
  scopes: RequestScopes,
  cost: PasswordCost | undefined,
): Required<PasswordOption> {
  return {
    hash: (password) => hashPassword(password, cost),
    async verify({ hash, password }) {
      const matches = await verifyPassword(hash, password);
      const scope = scopes.getStore();
      if (!matches || scope === undefined) return matches;
      scope.needsRehash = isOutdatedHash(hash, cost);
      scope.verified = { hash, password };
      const { endsOtherSessions, sessionToken } = scope;
      if (endsOtherSessions && sessionToken !== undefined) {
        await endOtherSessions(orm, scopes, sessionToken);
      }
      return true;
    },
  };
}
