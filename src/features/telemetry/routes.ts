/** Traces every request, and sends metrics once a minute. OpenTelemetry loads while the service starts. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Middleware } from '../../http/middleware.js';
import type { Route } from '../../http/route.js';
import { workChannelName, type TracedWork } from '../../traced-work.js';
import type { FeatureServices } from '../slots.js';
import type { TelemetrySettings } from './feature.js';
import { createReportLoss } from './report-loss.js';
import type { Telemetry } from './start.js';
import type { StartChild } from './start-child.js';
import { traceStatements } from './trace-statements.js';

const metricsTimerMs = 60_000;

export function createRoutes(
  settings: TelemetrySettings,
  services: FeatureServices,
): readonly Route[] {
  const { logger, counters, database, onStop } = services;
  const reportLoss = createReportLoss(logger, counters.count);
  let loaded: Telemetry | undefined;
  const loading = import('./start.js').then(
    ({ startTelemetry }) => (loaded = startTelemetry(settings, services, reportLoss)),
    (err: unknown) => {
      logger.error({ err, fix: 'redeploy all files of the build' }, 'telemetry cannot be loaded');
    },
  );
  const startChild: StartChild = (...child) => loaded?.startChild(...child);
  traceStatements(database.pool, startChild);
  const traceWork = (message: unknown) => {
    const work = message as TracedWork;
    const end = startChild(work.name, work.attributes);
    if (end !== undefined) work.end = end;
  };
  subscribe(workChannelName, traceWork);
  const timer = setInterval(() => void loaded?.sendMetricsWhenDue(), metricsTimerMs).unref();
  onStop(async () => {
    clearInterval(timer);
    unsubscribe(workChannelName, traceWork);
    await (await loading)?.finish();
  });

  /** The first requests of a process wait until it is loaded, so that a cold start is traced too. */
  const traceRequest: Middleware = async (req, res, next) => {
    const { traceRequest: trace } = loaded ?? (await loading) ?? {};
    if (trace === undefined) next();
    else await trace(req, res, next);
  };
  return [{ stage: 'observe', handlers: [traceRequest] }];
}
