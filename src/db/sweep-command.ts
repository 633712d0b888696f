#!/usr/bin/env node
/** `npm run sweep`: deletes all that is due, and says how many rows of which table; exit status 1 when it could not. */
import { drizzle } from 'drizzle-orm/node-postgres';
import { readCleanEnvironment } from '../config/clean-values.js';
import { ignoreClosedOutput } from '../closed-output.js';
import { connectOnce } from './client.js';
import { describeFailure, hasDatabaseUrl } from './command-database.js';
import { hasNoArguments } from './no-arguments.js';
import { sweep } from './sweep.js';

const usage = `auth-service-sweep, npm run sweep: deletes all expired rows at once. The service does it by itself, hour by hour.

It takes no arguments: DATABASE_URL of the environment or of .env says where.

Exit status: 0 done, 1 not swept to the end, 2 wrong usage.
`;

ignoreClosedOutput();
const { DATABASE_URL: url } = readCleanEnvironment();

if (hasNoArguments(usage) && hasDatabaseUrl('DATABASE_URL', url)) {
  try {
    const client = await connectOnce(url);
    try {
      const swept = await sweep(drizzle(client), { now: new Date(), withinMs: Infinity });
      const counts = Object.entries(swept).map(([table, rows]) => `${table} ${rows}`);
      process.stdout.write(`deleted rows: ${counts.join(', ')}\n`);
    } finally {
      await client.end();
    }
  } catch (error) {
    process.stderr.write(`not swept to the end: ${describeFailure(error, 'DATABASE_URL')}\n`);
    process.exitCode = 1;
  }
}
