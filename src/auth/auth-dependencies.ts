/** What BetterAuth's options are made of. */
import type { Config } from '../config/config.js';
import type { Orm } from '../db/client.js';
import type { Logger } from '../log/logger.js';
import type { RequestScopes } from '../request-scope.js';
import type { PasswordCost } from './password.js';

export interface AuthDependencies {
  readonly config: Config;
  readonly orm: Orm;
  readonly logger: Logger;
  readonly scopes: RequestScopes;
  /** Of new password hashes; OWASP's minimum where not given. */
  readonly passwordCost?: PasswordCost | undefined;
}
