#!/usr/bin/env node
/** `npm run sweep`: deletes all expired rows and prints how many per table; exit status 1 on failure. */
import { drizzle } from 'drizzle-orm/node-postgres';
import { readCleanEnvironment } from '../config/clean-values.js';
import { ignoreClosedOutput } from '../closed-output.js';
import { retentionFrom } from '../features/sweeps.js';
import { connectOnce } from './client.js';
import { describeFailure, hasDatabaseUrl } from './command-database.js';
import { hasNoArguments } from './no-arguments.js';
import { sweep } from './sweep.js';

const usage = `auth-service-sweep, npm run sweep: deletes all expired rows now. The service does this automatically every hour.

It takes no arguments. It uses DATABASE_URL, and how long rows are kept, from the environment or .env.

Exit status: 0 done, 1 sweep incomplete, 2 wrong usage.
`;

ignoreClosedOutput();
const environment = readCleanEnvironment();
const { DATABASE_URL: url } = environment;

if (hasNoArguments(usage) && hasDatabaseUrl('DATABASE_URL', url)) {
  try {
    const client = await connectOnce(url);
    try {
      const retention = retentionFrom(environment);
      const options = { now: new Date(), withinMs: Infinity, retention };
      const swept = await sweep(drizzle(client), options);
      const counts = Object.entries(swept).map(([table, rows]) => `${table} ${rows}`);
      process.stdout.write(`deleted rows: ${counts.join(', ')}\n`);
    } finally {
      await client.end();
    }
  } catch (error) {
    process.stderr.write(`sweep incomplete: ${describeFailure(error, 'DATABASE_URL')}\n`);
    process.exitCode = 1;
  }
}
