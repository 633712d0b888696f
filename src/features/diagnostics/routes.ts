/** The routes of the diagnostics. */
import { cacheFor } from '../../db/cache-for.js';
import type { Route } from '../../http/route.js';
import type { FeatureServices } from '../slots.js';
import { diagnosticsRoute } from './diagnostics-route.js';
import { metricsRoute } from './metrics-route.js';
import { requireDiagnosticsToken } from './require-token.js';
import { serverTiming } from './server-timing.js';

/** The report queries the database, so callers share one for this long. */
const reportTtlMs = 3_000;

export function createRoutes(
  { token }: { readonly token: string },
  { config, now, describeStartup, requestFindings, metrics, mailer }: FeatureServices,
): readonly Route[] {
  if (metrics === undefined) throw new Error('the slot usesMetrics is not set');
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
    { stage: 'observe', handlers: [serverTiming(token)] },
    { stage: 'private', path: '/diagnostics', methods, handlers: [tokenHolder, report] },
    { stage: 'private', path: '/metrics', methods, handlers: [tokenHolder, metricsRoute(metrics)] },
  ];
}
