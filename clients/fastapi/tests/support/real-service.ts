/**
 * What the Python tests talk to: the service on a real PostgreSQL, once as it is, once issuing JSON Web Tokens, once
 * after its secret was rotated and with tokens of both kinds on, once with a database that nobody can reach, once with
 * profile fields; and a BetterAuth server that is not ours.
 * Prints where they and the database listen, runs SQL that is posted to it, and ends when its standard input does.
 */
import { mkdtemp, rm, chmod } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { toNodeHandler } from 'better-auth/node';
import { jwt } from 'better-auth/plugins';
import { readConfig } from '../../../../src/config/config.js';
import { createService } from '../../../../src/create-service.js';
import { connectOnce } from '../../../../src/db/client.js';
import { migrateDatabase } from '../../../../src/db/migrate.js';
import { startEmbeddedPostgres } from '../../../../src/dev/embedded-postgres.js';
import { createLogger } from '../../../../src/log/logger.js';

const oldSecret = 'a-test-secret-that-is-long-enough-0123456789';
const newSecret = 'another-test-secret-that-is-long-enough-9876';
const servers: Server[] = [];
let log = '';

const folder = await mkdtemp(join(tmpdir(), 'auth-service-fastapi-'));
await chmod(folder, 0o755); // PostgreSQL runs under another account where this runs as root
const postgres = await startEmbeddedPostgres({
  dataDirectory: folder,
  settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
});
await migrateDatabase({ url: postgres.url, onProgress: () => undefined });
const database = await connectOnce(postgres.url);

const urls = {
  service: await startService({ BETTER_AUTH_SECRET: oldSecret }),
  issuer: await startService({ BETTER_AUTH_SECRET: oldSecret, JWT_TOKENS: 'on' }),
  rotated: await startService({
    BETTER_AUTH_SECRETS: `2:${newSecret},1:${oldSecret}`,
    BEARER_TOKENS: 'on',
    JWT_TOKENS: 'on',
  }),
  broken: await startService({
    BETTER_AUTH_SECRET: oldSecret,
    DATABASE_URL: 'postgresql://postgres:x@127.0.0.1:9/postgres',
  }),
  profiles: await startService({
    BETTER_AUTH_SECRET: oldSecret,
    JWT_TOKENS: 'on',
    PROFILE_SCHEMA: JSON.stringify({
      type: 'object',
      properties: {
        background: { type: 'string', enum: ['student', 'engineer'], 'x-jwt': true },
        age: { type: 'integer' },
      },
    }),
  }),
  plain: await startPlainBetterAuth(),
  database: postgres.url,
  control: await serve(control),
};
process.stdout.write(`${JSON.stringify(urls)}\n`);

process.on('SIGINT', () => process.stdin.destroy());
process.stdin.once('close', () => void stop()).resume();

async function startService(env: Record<string, string>): Promise<string> {
  const variables = {
    NODE_ENV: 'production',
    DATABASE_URL: postgres.url,
    BETTER_AUTH_URL: 'http://localhost:3001',
    BETTER_AUTH_TRUSTED_ORIGINS: 'http://localhost:3000',
    CLIENT_IP_HEADER: 'x-test-client-ip',
    ...env,
  };
  const now = () => new Date();
  const logger = createLogger('info', { write: (line: string) => void (log += line) });
  return serve(createService({ config: readConfig(variables, now()), logger, now }).app);
}

/** BetterAuth as its own documentation starts it, with the jwt plugin: no reason header, no /session. */
async function startPlainBetterAuth(): Promise<string> {
  const tables = { user: [], session: [], account: [], verification: [], jwks: [] };
  let handle: RequestListener = (_req, res) => res.end();
  const url = await serve((req, res) => handle(req, res));
  const auth = betterAuth({
    baseURL: url,
    secret: newSecret,
    database: memoryAdapter(tables),
    emailAndPassword: { enabled: true },
    trustedOrigins: ['http://localhost:3000'],
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    plugins: [jwt()],
  });
  const answer = toNodeHandler(auth);
  handle = (req, res) => void answer(req, res);
  return url;
}

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** GET: everything logged. POST: one statement as `{ text, values }`. */
async function control(req: IncomingMessage, res: Parameters<RequestListener>[1]): Promise<void> {
  if (req.method === 'GET') {
    res.end(log);
    return;
  }
  let body = '';
  for await (const chunk of req) body += String(chunk);
  const { text, values } = JSON.parse(body) as { text: string; values: unknown[] };
  try {
    res.end(JSON.stringify((await database.query(text, values)).rows));
  } catch (error) {
    res.writeHead(500).end(String(error));
  }
}

async function stop(): Promise<never> {
  for (const server of servers) server.close().closeAllConnections();
  await database.end();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
  process.exit(0);
}
