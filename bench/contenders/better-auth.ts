/** BetterAuth alone on node:http, at its fairest: joins on, no rate limit, its own password hash, nothing around it. */
import { createServer } from 'node:http';
import { betterAuth } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { toNodeHandler } from 'better-auth/node';
import { createDatabase } from '../../src/db/client.js';
import { allTables } from '../../src/db/all-tables.js';
import { serve, databaseUrl } from './harness.js';

const { orm } = createDatabase({ url: databaseUrl(), onIdleError: () => undefined });
const auth = betterAuth({
  baseURL: process.env.BETTER_AUTH_URL,
  secret: process.env.BETTER_AUTH_SECRET,
  database: drizzleAdapter(orm, { provider: 'pg', schema: allTables }),
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  advanced: { database: { joins: true } },
  telemetry: { enabled: false },
});
const handler = toNodeHandler(auth);
serve(createServer((req, res) => void handler(req, res)));
