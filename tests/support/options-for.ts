/** The options that BetterAuth would be given in an environment; no database is asked. */
import { createAuthOptions } from '../../src/auth/auth-options.js';
import { readConfig } from '../../src/config/config.js';
import type { Environment } from '../../src/config/environment.js';
import { createDatabase } from '../../src/db/client.js';
import { createLogger } from '../../src/log/logger.js';
import { createRequestScopes } from '../../src/request-scope.js';
import { testEnvironment } from './test-service.js';

const url = 'postgresql://nobody@127.0.0.1:1/none';

export function optionsFor(env: Environment = {}) {
  const config = readConfig({ DATABASE_URL: url, ...testEnvironment, ...env }, new Date());
  const { orm } = createDatabase({ url, onIdleError: () => undefined }); // connects with the first query
  const logger = createLogger('silent');
  const scopes = createRequestScopes();
  return { config, options: createAuthOptions({ config, orm, logger, scopes }) };
}
