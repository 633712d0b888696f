/** The whole service on a real socket and a real database; only the clock and the log sink are replaced. */
import { readConfig, type Config } from '../../src/config/config.js';
import type { Environment } from '../../src/config/environment.js';
import { createService, type Service, type ServiceDependencies } from '../../src/create-service.js';
import type { Database } from '../../src/db/client.js';
import { activateFeatures } from '../../src/features/active-features.js';
import type { AuditTrail } from '../../src/audit.js';
import type { OutboxWorker } from '../../src/outbox-worker.js';
import type { MailWorker } from '../../src/mailer.js';
import type { ActiveFeature } from '../../src/features/slots.js';
import { listen } from '../../src/listen.js';
import { createLogger } from '../../src/log/logger.js';
import { watchConnectionsInTransactions } from './connections-in-transactions.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

export type LogLine = Record<string, unknown> & { level: string; msg: string };

export interface TestService {
  /** Where it listens: `http://127.0.0.1:port`. */
  readonly url: string;
  readonly config: Config;
  readonly database: TestDatabase;
  /** The service's own connections. */
  readonly pool: Database['pool'];
  readonly orm: Database['orm'];
  /** Undefined without a mail transport. */
  readonly mailer: MailWorker | undefined;
  readonly audit: AuditTrail | undefined;
  readonly outboxes: readonly OutboxWorker[];
  /** The log so far, and its lines; a repeated one with the fields that the full line with its `hintId` has. */
  readonly logText: () => string;
  readonly logLines: () => LogLine[];
  /** Waits for the log line that `matches`; lines are written after the response is sent. */
  readonly logLine: (matches: (line: LogLine) => boolean) => Promise<LogLine>;
  readonly logStartupReport: () => Promise<void>;
  stop(): Promise<void>;
}

export interface TestServiceOptions extends Partial<ServiceDependencies> {
  /** Variables that override `testEnvironment`. */
  readonly env?: Environment;
  /** The database to use; by default one is created and dropped with the service. */
  readonly testDatabase?: TestDatabase;
  /** Additional features for this test. */
  readonly extraFeatures?: readonly ActiveFeature[];
  /** Changes the app before the server listens. */
  readonly adaptApp?: (app: Service['app']) => void;
  /** As on Vercel: BetterAuth loads with or after the first request, not before. */
  readonly isCold?: boolean;
}

/** The header with each test visitor's address, as set by a trusted proxy. */
export const testIpHeader = 'x-test-client-ip';

export const testSecret = 'a-test-secret-that-is-long-enough-0123456789';

export const testEnvironment: Environment = {
  NODE_ENV: 'production',
  BETTER_AUTH_SECRET: testSecret,
  BETTER_AUTH_URL: 'http://localhost:3001',
  BETTER_AUTH_TRUSTED_ORIGINS: 'http://localhost:3000',
  CLIENT_IP_HEADER: testIpHeader,
  HOST: '127.0.0.1',
};

/** 0.1 ms a hash instead of 10. A test of the hash itself passes `minimumPasswordCost`. */
const cheapPasswordCost = { memoryCost: 8, timeCost: 1, parallelism: 1 };

export async function startTestService(options: TestServiceOptions = {}): Promise<TestService> {
  const { env, testDatabase, adaptApp, isCold, extraFeatures = [], ...dependencies } = options;
  const database = testDatabase ?? (await createTestDatabase());
  const now = dependencies.now ?? (() => new Date());
  const config = readConfig({ DATABASE_URL: database.url, ...testEnvironment, ...env }, now());
  let text = '';
  const logger = createLogger(config.logLevel, { write: (line: string) => void (text += line) });
  const service = createService({
    config,
    logger,
    now,
    features: [...activateFeatures(config.features), ...extraFeatures],
    passwordCost: cheapPasswordCost,
    // A test that lets time pass moves both clocks.
    ...(dependencies.now && { readDatabaseTime: () => Promise.resolve(now()) }),
    ...dependencies,
  });
  const connectionsInTransactions = watchConnectionsInTransactions(service.database);
  adaptApp?.(service.app);
  if (!isCold) await service.warmUp(); // as src/server.ts does
  const server = await listen(service.app, 0);
  const logLines = () =>
    withRepeatedFields(
      text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as LogLine),
    );
  return {
    url: `http://127.0.0.1:${server.port}`,
    config,
    database,
    pool: service.database.pool,
    orm: service.database.orm,
    mailer: service.mailer,
    audit: service.audit,
    outboxes: service.outboxes,
    logText: () => text,
    logLines,
    async logLine(matches) {
      for (;;) {
        const found = logLines().find(matches); // the test's timeout limits the wait
        if (found !== undefined) return found;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    logStartupReport: service.logStartupReport,
    async stop() {
      await server.stop();
      await Promise.all(service.outboxes.map((worker) => worker.close()));
      await service.finish();
      await service.database.close();
      if (testDatabase === undefined) await database.drop();
      const [stack] = connectionsInTransactions();
      if (stack !== undefined) throw new Error(`a second connection ${stack}`);
    },
  };
}

/** As an operator reads a repeated line: with what is equal in all lines of its `hintId`. */
function withRepeatedFields(lines: readonly LogLine[]): LogLine[] {
  const shared = new Map<unknown, Record<string, unknown>>();
  return lines.map((line) => {
    const { hint, hintId, method, code, source, cookieName, valueLength, secretVersion } = line;
    if (hintId === undefined) return line;
    if (hint === undefined) return { ...shared.get(hintId), ...line };
    const fields = { hint, method, code, source, cookieName, valueLength, secretVersion };
    const present = Object.entries(fields).filter(([, value]) => value !== undefined);
    shared.set(hintId, Object.fromEntries(present));
    return line;
  });
}
