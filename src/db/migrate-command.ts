#!/usr/bin/env node
/** `npm run db:migrate`: one line for each thing it does, exit status 1 when it could not. */
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

It takes no arguments: DATABASE_URL_UNPOOLED of the environment or of .env says where, or else DATABASE_URL.

Exit status: 0 done or nothing to do, 1 not migrated, 2 wrong usage.
`;

exitOnSignal();
ignoreClosedOutput();
const env = readCleanEnvironment();
const variable = env.DATABASE_URL_UNPOOLED ? 'DATABASE_URL_UNPOOLED' : 'DATABASE_URL';
const url = env[variable];
const print = (sentence: string) => process.stdout.write(`${sentence}\n`);

if (hasNoArguments(usage) && hasDatabaseUrl(variable, url)) {
  const pooler = poolerFinding(variable, url);
  if (pooler) process.stderr.write(`warning: ${variable} ${pooler.message}; ${pooler.fix}\n`);
  try {
    readMigrations();
    print(`migrating ${new URL(url).host} by ${variable}`);
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
