/** The options for BetterAuth in an environment; makes no database query. */
import type { AuthDependencies } from '../../src/auth/auth-dependencies.js';
import { createAuthOptions } from '../../src/auth/auth-options.js';
import type { AuthPart } from '../../src/auth/auth-part.js';
import { readConfig } from '../../src/config/config.js';
import type { Environment } from '../../src/config/environment.js';
import { createDatabase } from '../../src/db/client.js';
import { createDatabaseLimits } from '../../src/db/limit-store.js';
import { activateFeatures } from '../../src/features/active-features.js';
import type { ActiveFeature } from '../../src/features/slots.js';
import { createLogger } from '../../src/log/logger.js';
import { createRequestScopes } from '../../src/request-scope.js';
import { testEnvironment } from './test-service.js';

const url = 'postgresql://nobody@127.0.0.1:1/none';

export async function optionsFor(env: Environment = {}) {
  const config = readConfig({ DATABASE_URL: url, ...testEnvironment, ...env }, new Date());
  const { orm } = createDatabase({ url, onIdleError: () => undefined }); // connects at the first query
  const logger = createLogger('silent');
  const limits = createDatabaseLimits(orm);
  const dependencies = { config, orm, logger, scopes: createRequestScopes(), limits };
  const parts = await loadAuthParts(dependencies);
  return { config, parts, options: createAuthOptions(dependencies, parts) };
}

/** The parts that features add to BetterAuth; by default those of the enabled features. */
export async function loadAuthParts(
  dependencies: AuthDependencies,
  features: readonly ActiveFeature[] = activateFeatures(dependencies.config.features),
): Promise<AuthPart[]> {
  const parts = await Promise.all(
    features.map((feature) => feature.loadAuthPart(dependencies, features)),
  );
  return parts.filter((part) => part !== undefined);
}
