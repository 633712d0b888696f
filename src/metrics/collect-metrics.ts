/** Collects the metrics of a service, where a feature reads them. */
import type { Auth } from '../auth/create-auth.js';
import type { Counters } from '../counters.js';
import { sweptTables, type Swept } from '../db/sweep.js';
import { signInOutcomes } from '../http/attempt-log.js';
import type { Route } from '../http/route.js';
import type { MailWorker } from '../mailer.js';
import { createMetrics, type GaugeDefinition, type Metrics, type PoolUse } from './metrics.js';
import { requestMetrics } from './request-metrics.js';

export interface MetricsSources {
  readonly pool: PoolUse;
  readonly auth: Pick<Auth, 'findEndpoint'>;
  readonly now: () => Date;
  readonly counters: Counters;
  readonly mailer: Pick<MailWorker, 'oldestPendingAt'> | undefined;
  readonly onSwept: (listener: (swept: Swept) => void) => void;
  /** When the last sweep of any instance is known to have begun, in milliseconds since the epoch. */
  readonly lastSweptAt: () => number | undefined;
}

export interface CollectedMetrics {
  /** Loads while the first requests are served; counts wait for it. */
  readonly metrics: Promise<Metrics>;
  /** Counts each request. */
  readonly route: Route;
}

export function collectMetrics(sources: MetricsSources): CollectedMetrics {
  const { pool, auth, now, counters, onSwept } = sources;
  const labels = { signInOutcomes, sweptTables, counters: counters.definitions };
  const metrics = createMetrics(pool, now(), labels, createGauges(sources));
  counters.onCount((counter, value) => {
    void metrics.then((counts) => counts.countEvent(counter, value));
  });
  onSwept((swept) => {
    void metrics.then((counts) => {
      for (const [table, rows] of Object.entries(swept)) counts.countSwept(table, rows);
    });
  });
  return { metrics, route: { stage: 'observe', handlers: [requestMetrics(metrics, auth)] } };
}

function createGauges({ mailer, now, lastSweptAt }: MetricsSources): GaugeDefinition[] {
  const startedAt = now().getTime();
  const secondsSince = (at: number) => Math.max(0, (now().getTime() - at) / 1000);
  const sweep = {
    name: 'auth_sweep_age_seconds',
    help: 'Time since the last sweep that this process knows of, or since its start',
    read: () => secondsSince(lastSweptAt() ?? startedAt),
  };
  if (mailer === undefined) return [sweep];
  const outbox = {
    name: 'auth_mail_outbox_age_seconds',
    help: 'Age of the oldest mail that was unsent when this process last looked; 0 if there was none',
    read() {
      const oldest = mailer.oldestPendingAt();
      return oldest === undefined ? 0 : secondsSince(oldest);
    },
  };
  return [sweep, outbox];
}
