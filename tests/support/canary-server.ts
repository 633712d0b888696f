/** The real server process with recognisable secrets and the most verbose log level, and a search of its output. */
import { expect } from 'vitest';
import { Canaries, CanaryVisitor } from './canary.js';
import { startServer } from './child-process.js';
import { createFaultyNetwork, type FaultyNetwork } from './faulty-network.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';
import { testEnvironment, type LogLine } from './test-service.js';

export interface CanaryServer {
  readonly url: string;
  readonly canaries: Canaries;
  readonly database: TestDatabase;
  /** Between the server and its database. */
  readonly network: FaultyNetwork;
  readonly logText: () => string;
  readonly logLines: () => LogLine[];
  newVisitor(): CanaryVisitor;
  /** Heals the network, and resolves when the server has noticed that its connections were reset. */
  heal(): Promise<void>;
  /** Waits for the last log line, then expects no canary in any output or response so far. */
  expectSilence(...visitors: CanaryVisitor[]): Promise<void>;
  stop(): Promise<void>;
}

/** A separate process, because BetterAuth may print to the console directly. Takes seconds to load. */
export async function startCanaryServer(): Promise<CanaryServer> {
  const canaries = new Canaries();
  const secret = 'zqSecretCanary-mK4t8Zp0aWq2xYc7vN1sLd5h';
  canaries.plant('secret', secret);
  const database = await createTestDatabase();
  const role = `canary_${database.name}`;
  const password = 'zqDatabaseCanary p@ss/w?rd#1';
  canaries.plant('database password', password);
  await database.query(`create role ${role} superuser login password '${password}'`);
  const network = await createFaultyNetwork(database.url);
  const databaseUrl = new URL(network.url);
  databaseUrl.username = role;
  databaseUrl.password = encodeURIComponent(password);
  const server = startServer({
    ...(testEnvironment as Record<string, string>),
    DATABASE_URL: databaseUrl.href,
    BETTER_AUTH_SECRET: secret,
    LOG_LEVEL: 'trace',
    COOKIE_DEBUG: 'summary',
    PORT: '0',
  });
  const { port } = await server.logLine(({ msg }) => msg === 'listening');
  const url = `http://127.0.0.1:${port as number}`;
  let ends = 0;
  return {
    url,
    canaries,
    database,
    network,
    logText: server.stdout,
    logLines: server.logLines,
    newVisitor: () => new CanaryVisitor({ url }, canaries),
    async heal() {
      await network.heal();
      // The resets were sent before this request. Without it, the next write may go to a dead connection: 503.
      await fetch(`${url}/health`);
    },
    async expectSilence(...visitors) {
      ends += 1;
      const id = `end-${ends}`;
      await fetch(`${url}/health`, { headers: { 'x-request-id': id } });
      await server.logLine(({ requestId }) => requestId === id);
      expect(canaries.foundIn(server.stdout())).toEqual([]);
      expect(server.stderr()).toBe('');
      expect(visitors.flatMap(({ leaks }) => leaks)).toEqual([]);
    },
    async stop() {
      await server.stop();
      await network.close();
      await database.query(`drop role ${role}`);
      await database.drop();
    },
  };
}
