/**
 * What this process has counted since it started, as Prometheus reads it. Made only where `DIAGNOSTICS_TOKEN` is set,
 * and loads its library only then: a service that nobody measures pays nothing.
 */
import { reasonTable, type Reason } from '../session/reasons.js';

/** Of a connection pool, at this moment. */
export interface PoolUse {
  readonly totalCount: number;
  readonly idleCount: number;
  /** Queries that wait for a connection. */
  readonly waitingCount: number;
}

interface AnsweredRequest {
  /** One of a bounded set: each value is a time series of its own, so never a path that a visitor chose. */
  readonly route: string;
  /** `2xx` to `5xx`, or `aborted` where the caller left before an answer. */
  readonly status: string;
  readonly seconds: number;
}

export interface Metrics {
  countRequest(request: AnsweredRequest): void;
  countVerdict(reason: Reason): void;
  /** @param outcome one of the outcomes that metrics began with */
  countSignIn(outcome: string): void;
  /** @param limit `address` or `account`; @param route a route of the service, as in countRequest */
  countLimited(limit: string, route: string): void;
  /** Rows that the sweep deleted. */
  countSwept(table: string, rows: number): void;
  /** How many session checks ended with each reason, those with none included. */
  readVerdicts(): Promise<Record<string, number>>;
  /** When counting began. */
  readonly since: Date;
  /** The text exposition format, 0.0.4. */
  expose(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** From a check without a query to the deadline of a request. */
const bucketsInSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Label values that are there from zero, because a series that begins at one shows no increase. */
export interface MetricsLabels {
  readonly signInOutcomes: readonly string[];
  readonly sweptTables: readonly string[];
}

export async function createMetrics(
  pool: PoolUse,
  since: Date,
  labels: MetricsLabels,
): Promise<Metrics> {
  const { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } =
    await import('prom-client');
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const checks = new Counter({
    name: 'auth_session_checks_total',
    help: 'Session checks by the reason that was told',
    labelNames: ['reason'],
    registers,
  });
  // From zero, because a series that begins at one shows no increase.
  for (const reason of Object.keys(reasonTable)) checks.inc({ reason }, 0);
  const signIns = new Counter({
    name: 'auth_sign_ins_total',
    help: 'Tries to sign in by how they ended',
    labelNames: ['outcome'],
    registers,
  });
  for (const outcome of labels.signInOutcomes) signIns.inc({ outcome }, 0);
  const limited = new Counter({
    name: 'auth_rate_limited_total',
    help: 'Requests answered 429 by the limit that they met and by route',
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
  const durations = new Histogram({
    name: 'auth_http_request_duration_seconds',
    help: 'HTTP requests by route and class of status, and how long each took',
    labelNames: ['route', 'status'],
    buckets: bucketsInSeconds,
    registers,
  });
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `auth_database_pool_${name}`,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  gauge('connections', 'Open connections to the database', () => pool.totalCount);
  gauge('idle_connections', 'Open connections that no query uses', () => pool.idleCount);
  gauge('waiting_queries', 'Queries that wait for a connection', () => pool.waitingCount);

  return {
    since,
    countRequest: ({ route, status, seconds }) => durations.observe({ route, status }, seconds),
    countVerdict: (reason) => checks.inc({ reason }),
    countSignIn: (outcome) => signIns.inc({ outcome }),
    countLimited: (limit, route) => limited.inc({ limit, route }),
    countSwept: (table, rows) => swept.inc({ table }, rows),
    async readVerdicts() {
      const { values } = await checks.get();
      return Object.fromEntries(values.map(({ labels, value }) => [String(labels.reason), value]));
    },
    expose: async () => ({
      contentType: registry.contentType,
      text: await registry.metrics(),
    }),
  };
}
