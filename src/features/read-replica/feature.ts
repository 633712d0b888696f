/** Read replica: servers' session checks are answered by a copy of the database, within a bound of its lag. */
import { z } from 'zod';
import { checkDatabaseTls } from '../../config/database-url.js';
import type { Finding } from '../../config/finding.js';
import { postgresUrl } from '../../config/postgres-url.js';
import { defineFeature } from '../definition.js';

export interface ReplicaSettings {
  readonly url: string;
  /** For how long a check may still accept a session that was revoked. */
  readonly maxLagMs: number;
}

const lag = { min: 100, max: 60_000 } as const;

export const readReplica = defineFeature({
  name: 'read-replica',
  summary: "answers servers' session checks from a copy of the database",
  variables: {
    DATABASE_REPLICA_URL: postgresUrl
      .optional()
      .describe(
        'connection string of a read replica of `DATABASE_URL`, which answers `GET /session`; whatever it does not know, or knows too late, is asked of `DATABASE_URL`',
      ),
    REPLICA_MAX_LAG_MS: z
      .string()
      .refine(
        (value) => /^\d{1,5}$/.test(value) && Number(value) >= lag.min && Number(value) <= lag.max,
        `is not a whole number from ${lag.min} to ${lag.max}`,
      )
      .transform(Number)
      .optional()
      .describe(
        'how long in milliseconds `GET /session` may accept a session after it was revoked, when it asks `DATABASE_REPLICA_URL`, such as `1000`',
      ),
  },
  readSettings(
    { DATABASE_REPLICA_URL: url, REPLICA_MAX_LAG_MS: maxLagMs },
    { isSet },
    report,
  ): ReplicaSettings | undefined {
    if (url === undefined) {
      if (maxLagMs !== undefined && !isSet('DATABASE_REPLICA_URL')) report(lagUnused);
      return undefined;
    }
    const findings: Finding[] = [];
    checkDatabaseTls('DATABASE_REPLICA_URL', url, findings);
    findings.forEach(report);
    if (maxLagMs === undefined) {
      if (!isSet('REPLICA_MAX_LAG_MS')) report(lagMissing);
      return undefined;
    }
    return { url, maxLagMs };
  },
  startupFields: (settings) => ({
    replica: settings ? { host: new URL(settings.url).host, maxLagMs: settings.maxLagMs } : 'none',
  }),
});

const lagMissing: Finding = {
  level: 'error',
  code: 'REPLICA_LAG_UNBOUNDED',
  variable: 'REPLICA_MAX_LAG_MS',
  message:
    'is not set, so a session that was revoked would be accepted for as long as DATABASE_REPLICA_URL lags behind',
  fix: 'set how many milliseconds of that are acceptable, such as 1000, or remove DATABASE_REPLICA_URL',
};

const lagUnused: Finding = {
  level: 'warn',
  code: 'REPLICA_LAG_UNUSED',
  variable: 'REPLICA_MAX_LAG_MS',
  message: 'has no effect: DATABASE_REPLICA_URL is not set',
  fix: 'set DATABASE_REPLICA_URL, or remove it',
};
