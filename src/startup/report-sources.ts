/** What the startup report asks of the database and the features. */
import type { Config } from '../config/config.js';
import { secretFingerprint } from '../config/secrets.js';
import { writeCanary } from '../db/canary.js';
import type { Orm } from '../db/client.js';
import { findEarlierCookie } from '../db/cookie-history.js';
import { findProductionCanary } from '../db/preview-guard.js';
import { cookiePolicyText } from './cookie-findings.js';
import type { ReportSources } from './report-timeout.js';

interface ReportDependencies extends Pick<
  ReportSources,
  'config' | 'readState' | 'findFeatureFaults'
> {
  readonly config: Config;
  readonly orm: Orm;
}

export function createReportSources({ orm, ...sources }: ReportDependencies): ReportSources {
  const { config } = sources;
  const { baseUrl, environment, keyRing } = config;
  const deployment = {
    baseUrl,
    environment,
    cookiePolicy: cookiePolicyText(config),
    secrets: [keyRing.current, ...keyRing.previous].map(secretFingerprint),
  };
  return {
    ...sources,
    writeCanary: () => writeCanary(orm, deployment),
    findEarlierCookie: () => findEarlierCookie(orm, deployment, config.sessionLifetime.idleSeconds),
    findProductionCanary: () => findProductionCanary(orm),
  };
}
