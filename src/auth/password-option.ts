/** BetterAuth's `password` option: argon2id, and the effects of a verified password on the rest of the request. */
import type { BetterAuthOptions } from 'better-auth';
import type { Orm } from '../db/client.js';
import type { RequestScopes } from '../request-scope.js';
import {
  hashPassword,
  hasVerifiedAll,
  isOutdatedHash,
  verifyPassword,
  type PasswordCost,
} from './password.js';
import { revokeOtherSessionsFirst } from './atomic-changes.js';

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
      scope.needsRehash = isOutdatedHash(hash, cost) && hasVerifiedAll(hash, password);
      scope.verified = { hash, password };
      const { mustRevokeOtherSessions, sessionToken } = scope;
      if (mustRevokeOtherSessions && sessionToken !== undefined) {
        await revokeOtherSessionsFirst(orm, scopes, sessionToken);
      }
      return true;
    },
  };
}
