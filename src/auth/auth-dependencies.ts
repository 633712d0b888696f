/** The dependencies of BetterAuth's options. */
import type { AuditTrail } from '../audit.js';
import type { Config } from '../config/config.js';
import type { Count } from '../counters.js';
import type { Orm } from '../db/client.js';
import type { IdentityProviders } from '../identity-providers.js';
import type { LimitStore } from '../limit-store.js';
import type { Logger } from '../log/logger.js';
import type { Mailer } from '../mailer.js';
import type { RequestScopes } from '../request-scope.js';
import type { ComparedClock } from '../session/compared-clock.js';
import type { PasswordCost } from './password.js';

export interface AuthDependencies {
  readonly config: Config;
  readonly orm: Orm;
  readonly logger: Logger;
  readonly scopes: RequestScopes;
  /** Undefined where this process's clock is taken for the database's. */
  readonly clock?: ComparedClock | undefined;
  /** Where attempts are counted. */
  readonly limits: LimitStore;
  /** Undefined where no audit trail is kept. */
  readonly audit?: AuditTrail | undefined;
  /** Undefined where no mail transport is configured. */
  readonly mailer?: Mailer | undefined;
  /** Undefined where no provider is configured. */
  readonly identityProviders?: IdentityProviders | undefined;
  /** Counts one event, by the name of a feature's counter and one of its values. */
  readonly count?: Count | undefined;
  /** Cost of new password hashes; by default OWASP's minimum. */
  readonly passwordCost?: PasswordCost | undefined;
}
