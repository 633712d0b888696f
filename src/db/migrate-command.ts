#!/usr/bin/env node
/** `npm run db:migrate`: prints one line per step; exit status 1 on failure. */
import { poolerFinding } from '../config/direct-url.js';
import { readCleanEnvironment } from '../config/clean-values.js';
import { CommandRefusedError } from '../operator/command-refused.js';
import { readNoOptions } from '../operator/parse-options.js';
import { runCommand } from '../operator/run-command.js';
import { describeFailure, requireDatabaseUrl } from './command-database.js';
import { migrateDatabase } from './migrate.js';
import { BuildIncompleteError, readMigrations } from './migrations.js';
import { MigrationRefusedError, assertNotProductionDatabase } from './preview-guard.js';

const usage = `auth-service-migrate, npm run db:migrate: brings the database to this build's schema. Safe to run twice.

It takes no arguments. It uses DATABASE_URL_UNPOOLED, or else DATABASE_URL, from the environment or .env.

Exit status: 0 migrated or up to date, 1 not migrated, 2 wrong usage.
`;

const print = (message: string) => process.stdout.write(`${message}\n`);

await runCommand(usage, readNoOptions, async () => {
  const env = readCleanEnvironment();
  const variable = env.DATABASE_URL_UNPOOLED ? 'DATABASE_URL_UNPOOLED' : 'DATABASE_URL';
  const url = requireDatabaseUrl(variable, env);
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
    return 0;
  } catch (error) {
    const isKnown = error instanceof MigrationRefusedError || error instanceof BuildIncompleteError;
    const reason = isKnown ? error.message : describeFailure(error, variable);
    throw new CommandRefusedError(`not migrated, nothing was changed: ${reason}`);
  }
});
