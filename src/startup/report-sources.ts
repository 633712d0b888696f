/** What the startup report asks: the database, the deployments that use it, and the features. */
import type { Config } from '../config/config.js';
import { secretFingerprint } from '../config/secrets.js';
import { writeCanary } from '../db/canary.js';
import type { Orm } from '../db/client.js';
import { findEarlierCookie } from '../db/cookie-history.js';
import { findProductionCanary } from '../db/preview-guard.js';
import type { DatabaseState } from '../db/readiness.js';
import type { ActiveFeature, StartupServices } from '../features/slots.js';
import type { LimitStoreState } from '../limit-store.js';
import { cookiePolicyText } from './cookie-findings.js';
import type { ReportSources } from './report-timeout.js';

interface Dependencies {
  readonly config: Config;
  readonly orm: Orm;
  readonly features: readonly Pick<ActiveFeature, 'findStartupFaults'>[];
  readonly readState: () => Promise<DatabaseState>;
  /** Undefined where limits are counted in the database. */
  readonly readLimitState: (() => Promise<LimitStoreState>) | undefined;
  /** Called with each report: the services are created after it. */
  readonly services: () => StartupServices;
}

export function createReportSources(dependencies: Dependencies): ReportSources {
  const { config, orm, features, readState, readLimitState, services } = dependencies;
  const { baseUrl, environment, keyRing } = config;
  const deployment = {
    baseUrl,
    environment,
    cookiePolicy: cookiePolicyText(config),
    secrets: [keyRing.current, ...keyRing.previous].map(secretFingerprint),
  };
  return {
    config,
    readState,
    readLimitState,
    writeCanary: () => writeCanary(orm, deployment),
    findEarlierCookie: () => findEarlierCookie(orm, deployment, config.sessionLifetime.idleSeconds),
    findProductionCanary: () => findProductionCanary(orm),
    async findFeatureFaults() {
      // Where the database goes away meanwhile, the next request reports it; the other features' findings remain.
      const found = features.map((feature) =>
        feature.findStartupFaults(services()).catch(() => []),
      );
      return (await Promise.all(found)).flat();
    },
  };
}
