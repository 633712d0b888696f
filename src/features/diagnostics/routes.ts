/** The routes of the diagnostics, and what measures every request for them. */
import { cacheFor } from '../../db/cache-for.js';
import { sweptTables } from '../../db/sweep.js';
import { signInOutcomes } from '../../http/attempt-log.js';
import type { Route } from '../../http/route.js';
import type { FeatureServices } from '../slots.js';
import { diagnosticsRoute } from './diagnostics-route.js';
import { createMetrics } from './metrics.js';
import { metricsRoute } from './metrics-route.js';
import { requestMetrics } from './request-metrics.js';
import { requireDiagnosticsToken } from './require-token.js';
import { serverTiming } from './server-timing.js';

/** The report queries the database, so callers share one for this long. */
const reportTtlMs = 3_000;

export function createRoutes(
  { token }: { readonly token: string },
  {
    config,
    database,
    auth,
    now,
    describeStartup,
    requestFindings,
    onSwept,
    counters,
    mailer,
  }: FeatureServices,
): readonly Route[] {
  const metrics = createMetrics(database.pool, now(), {
    signInOutcomes,
    sweptTables,
    counters: counters.definitions,
  });
  counters.onCount((counter, value) => {
    void metrics.then((counts) => counts.countEvent(counter, value));
  });
  onSwept((swept) => {
    void metrics.then((counts) => {
      for (const [table, rows] of Object.entries(swept)) counts.countSwept(table, rows);
    });
  });
  const tokenHolder = requireDiagnosticsToken(token);
  const methods = ['GET', 'HEAD'];
  const report = diagnosticsRoute({
    metrics,
    describeStartup: cacheFor(describeStartup, reportTtlMs),
    describeMail: mailer && cacheFor(() => mailer.describe(), reportTtlMs),
    now,
    clientIpHeader: config.clientIpHeader,
    requestFindings,
  });
  return [
    { stage: 'observe', handlers: [requestMetrics(metrics, auth), serverTiming(token)] },
    { stage: 'private', path: '/diagnostics', methods, handlers: [tokenHolder, report] },
    { stage: 'private', path: '/metrics', methods, handlers: [tokenHolder, metricsRoute(metrics)] },
  ];
}
