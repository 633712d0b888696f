/** What this process has counted since it started. The library is loaded only where a feature reads the metrics. */
import type { MetricObjectWithValues, MetricValue } from 'prom-client';
import type { CounterDefinition } from '../counters.js';
import { reasonTable, type Reason } from '../session/reasons.js';

/** Of a connection pool, at this moment. */
export interface PoolUse {
  readonly totalCount: number;
  readonly idleCount: number;
  /** Queries that wait for a connection. */
  readonly waitingCount: number;
}

interface CompletedRequest {
  /** One of a bounded set, never a path that a visitor chose: each value becomes a time series. */
  readonly route: string;
  /** `2xx` to `5xx`, or `aborted` where the caller disconnected before the response. */
  readonly status: string;
  readonly seconds: number;
}

export interface Metrics {
  countRequest(request: CompletedRequest): void;
  countVerdict(reason: Reason): void;
  /** @param outcome one of `MetricsLabels.signInOutcomes` */
  countSignIn(outcome: string): void;
  /** @param limit `address` or `account`; @param route a route of the service, as in countRequest */
  countLimited(limit: string, route: string): void;
  /** Rows that the sweep deleted. */
  countSwept(table: string, rows: number): void;
  /** @param counter the name of a feature's counter; @param value one of its values */
  countEvent(counter: string, value: string): void;
  /** How many session checks ended with each reason, those with none included. */
  readVerdicts(): Promise<Record<string, number>>;
  /** When counting began. */
  readonly since: Date;
  /** Every metric with its present values. */
  readValues(): Promise<MetricObjectWithValues<MetricValue<string>>[]>;
  /** The text exposition format, 0.0.4. */
  expose(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** From a check without a query to the deadline of a request. */
const bucketsInSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Label values that are exposed from zero, because a series that begins at one shows no increase. */
export interface MetricsLabels {
  readonly signInOutcomes: readonly string[];
  readonly sweptTables: readonly string[];
  /** Those of the features. */
  readonly counters?: readonly CounterDefinition[];
}

/** Read when the metrics are: no query is made for them. */
export interface GaugeDefinition {
  readonly name: string;
  readonly help: string;
  readonly read: () => number;
}

export async function createMetrics(
  pool: PoolUse,
  since: Date,
  labels: MetricsLabels,
  gauges: readonly GaugeDefinition[] = [],
): Promise<Metrics> {
  const { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } =
    await import('prom-client');
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const checks = new Counter({
    name: 'auth_session_checks_total',
    help: 'Session checks by reason',
    labelNames: ['reason'],
    registers,
  });
  for (const reason of Object.keys(reasonTable)) checks.inc({ reason }, 0);
  const signIns = new Counter({
    name: 'auth_sign_ins_total',
    help: 'Sign-in attempts by outcome',
    labelNames: ['outcome'],
    registers,
  });
  for (const outcome of labels.signInOutcomes) signIns.inc({ outcome }, 0);
  const limited = new Counter({
    name: 'auth_rate_limited_total',
    help: 'Requests answered 429 by limit and route',
    labelNames: ['limit', 'route'],
    registers,
  });
  const swept = new Counter({
    name: 'auth_swept_rows_total',
    help: 'Rows that the sweep of this process deleted, by table',
    labelNames: ['table'],
    registers,
  });
  for (const table of labels.sweptTables) swept.inc({ table }, 0);
  const events = new Map(
    (labels.counters ?? []).map(({ name, help, label, values }) => {
      const counter = new Counter({ name, help, labelNames: [label], registers });
      for (const value of values) counter.inc({ [label]: value }, 0);
      return [name, (value: string) => counter.inc({ [label]: value })];
    }),
  );
  const durations = new Histogram({
    name: 'auth_http_request_duration_seconds',
    help: 'Duration of HTTP requests by route and status class',
    labelNames: ['route', 'status'],
    buckets: bucketsInSeconds,
    registers,
  });
  for (const { name, help, read } of [...poolGauges(pool), ...gauges]) {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  }

  return {
    since,
    countRequest: ({ route, status, seconds }) => durations.observe({ route, status }, seconds),
    countVerdict: (reason) => checks.inc({ reason }),
    countSignIn: (outcome) => signIns.inc({ outcome }),
    countLimited: (limit, route) => limited.inc({ limit, route }),
    countSwept: (table, rows) => swept.inc({ table }, rows),
    countEvent: (counter, value) => events.get(counter)?.(value),
    async readVerdicts() {
      const { values } = await checks.get();
      return Object.fromEntries(values.map(({ labels, value }) => [String(labels.reason), value]));
    },
    readValues: () => registry.getMetricsAsJSON(),
    expose: async () => ({
      contentType: registry.contentType,
      text: await registry.metrics(),
    }),
  };
}

function poolGauges(pool: PoolUse): readonly GaugeDefinition[] {
  return [
    {
      name: 'auth_database_pool_connections',
      help: 'Open connections to the database',
      read: () => pool.totalCount,
    },
    {
      name: 'auth_database_pool_idle_connections',
      help: 'Open connections that no query uses',
      read: () => pool.idleCount,
    },
    {
      name: 'auth_database_pool_waiting_queries',
      help: 'Queries that wait for a connection',
      read: () => pool.waitingCount,
    },
  ];
}
