#!/usr/bin/env node
/** `npm run db:migrate`: prints one line per step; exit status 1 on failure. */
import { poolerFinding } from '../config/direct-url.js';
import { readCleanEnvironment } from '../config/clean-values.js';
import { ignoreClosedOutput } from '../closed-output.js';
import { exitOnSignal } from '../exit-on-signal.js';
import { describeFailure, hasDatabaseUrl } from './command-database.js';
import { migrateDatabase } from './migrate.js';
import { BuildIncompleteError, readMigrations } from './migrations.js';
import { hasNoArguments } from './no-arguments.js';
import { MigrationRefusedError, assertNotProductionDatabase } from './preview-guard.js';

const usage = `auth-service-migrate, npm run db:migrate: brings the database to this build's schema. Safe to run twice.

It takes no arguments. It uses DATABASE_URL_UNPOOLED, or else DATABASE_URL, from the environment or .env.

Exit status: 0 migrated or up to date, 1 not migrated, 2 wrong usage.
`;

exitOnSignal();
ignoreClosedOutput();
const env = readCleanEnvironment();
const variable = env.DATABASE_URL_UNPOOLED ? 'DATABASE_URL_UNPOOLED' : 'DATABASE_URL';
const url = env[variable];
const print = (message: string) => process.stdout.write(`${message}\n`);

if (hasNoArguments(usage) && hasDatabaseUrl(variable, url)) {
  const pooler = poolerFinding(variable, url);
  if (pooler) process.stderr.write(`warning: ${variable} ${pooler.message}; ${pooler.fix}\n`);
  try {
    readMigrations();
    print(`migrating ${new URL(url).host} (${variable})`);
    await migrateDatabase({
      url,
      onProgress: print,
      assertAllowed: (orm) => assertNotProductionDatabase(orm, env, variable),
    });
  } catch (error) {
    process.stderr.write(`not migrated, nothing was changed: ${reasonOf(error)}\n`);
    process.exitCode = 1;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof MigrationRefusedError || error instanceof BuildIncompleteError) {
    return error.message;
  }
  return describeFailure(error, variable);
}
