/** One configuration twice: this service, and plain BetterAuth with the same options, each with its own database. */
import { betterAuth } from 'better-auth';
import { toNodeHandler } from 'better-auth/node';
import { createAuthOptions } from '../../src/auth/auth-options.js';
import type { Environment } from '../../src/config/environment.js';
import { createDatabase } from '../../src/db/client.js';
import { createDatabaseLimits } from '../../src/db/limit-store.js';
import { listen } from '../../src/listen.js';
import { createLogger } from '../../src/log/logger.js';
import { createRequestScopes } from '../../src/request-scope.js';
import { addExtraColumns, extraColumns, tablesWithExtraColumns } from '../support/extra-columns.js';
import { loadAuthParts } from '../support/options-for.js';
import { createTestDatabase } from '../support/test-database.js';
import { startTestService } from '../support/test-service.js';
import type { Target } from './credentials.js';
import { frozenNow, storeRows, type StoredRow } from './stored-sessions.js';

export interface Deployment extends Target {
  readonly ourUrl: string;
  /** Whether signed bearer tokens count. */
  readonly bearer: boolean;
  readonly betterAuthUrl: string;
  /** Replaces the sessions in both databases. BetterAuth deletes and extends rows, so each has its own database. */
  store(rows: readonly StoredRow[]): Promise<void>;
  stop(): Promise<void>;
}

/** With columns that plugins add to `user` and `session`. */
const withExtraColumns = 'over http, with columns of a feature';
const extraColumnOptions = { features: [extraColumns], tables: tablesWithExtraColumns };

/** Configurations whose cookies differ in name and attributes, with bearer tokens and without. */
export const configurations: Readonly<Record<string, Environment>> = {
  'over http': { BEARER_TOKENS: 'off' },
  'over http, with bearer tokens': { BEARER_TOKENS: 'on' },
  'over https, for one domain': {
    BETTER_AUTH_URL: 'https://auth.example.com',
    BETTER_AUTH_TRUSTED_ORIGINS: 'https://docs.example.com',
    COOKIE_DOMAIN: 'example.com',
  },
  'over https, for another site, with bearer tokens': {
    BETTER_AUTH_URL: 'https://auth.example.com',
    BETTER_AUTH_TRUSTED_ORIGINS: 'https://docs.example.org',
    BEARER_TOKENS: 'on',
  },
  [withExtraColumns]: {},
};

export async function startDeployment(name: string): Promise<Deployment> {
  const [ours, theirs] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const env = { ...configurations[name], LOG_LEVEL: 'silent' };
  const extra: Partial<typeof extraColumnOptions> =
    name === withExtraColumns ? extraColumnOptions : {};
  if (name === withExtraColumns) {
    await Promise.all([ours, theirs].map((one) => one.query(addExtraColumns)));
  }
  const now = () => frozenNow;
  const service = await startTestService({ env, testDatabase: ours, now, ...extra });
  // The sweep that the first request starts would delete the expired sessions of a case.
  await fetch(`${service.url}/session`);
  await service.logStartupReport();
  const { config } = service;
  const database = createDatabase({ url: theirs.url, onIdleError: () => undefined, ...extra });
  const dependencies = {
    config,
    orm: database.orm,
    logger: createLogger('silent'),
    scopes: createRequestScopes(),
    limits: createDatabaseLimits(database.orm),
  };
  const options = createAuthOptions(
    dependencies,
    await loadAuthParts(dependencies, extra.features),
  );
  const handler = toNodeHandler(betterAuth({ ...options, rateLimit: { enabled: false } }));
  const server = await listen((req, res) => void handler(req, res), 0);
  const writer = createDatabase({ url: ours.url, onIdleError: () => undefined });
  const pools = [writer.pool, database.pool];
  // Some cases have a session without its user, which this constraint forbids.
  for (const pool of pools) {
    await pool.query('alter table session drop constraint session_user_id_user_id_fk');
  }
  return {
    cookieName: config.cookies.sessionCookieName,
    secret: config.keyRing.current.value,
    trustedOrigin: config.trustedOrigins.at(-1) ?? '',
    ourUrl: service.url,
    bearer: config.features['bearer-tokens'] !== undefined,
    betterAuthUrl: `http://127.0.0.1:${server.port}`,
    async store(rows) {
      await Promise.all(pools.map((pool) => storeRows(pool, rows)));
    },
    async stop() {
      await Promise.all([service.stop(), server.stop()]);
      await Promise.all([writer.close(), database.close()]);
      await Promise.all([ours.drop(), theirs.drop()]);
    },
  };
}
