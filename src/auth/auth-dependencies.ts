/** What BetterAuth's options are made of. */
import type { Config } from '../config/config.js';
import type { Orm } from '../db/client.js';
import type { Logger } from '../log/logger.js';
import type { RequestScopes } from '../request-scope.js';

export interface AuthDependencies {
  readonly config: Config;
  readonly orm: Orm;
  readonly logger: Logger;
  readonly scopes: RequestScopes;
}
