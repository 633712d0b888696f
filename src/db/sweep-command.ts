#!/usr/bin/env node
/** `npm run sweep`: deletes all expired rows and prints how many per table; exit status 1 on failure. */
import { drizzle } from 'drizzle-orm/node-postgres';
import { readCleanEnvironment } from '../config/clean-values.js';
import { readAbsoluteSeconds } from '../config/session-lifetime.js';
import { ignoreClosedOutput } from '../closed-output.js';
import { retentionFrom } from '../features/sweeps.js';
import { connectOnce } from './client.js';
import { describeFailure, hasDatabaseUrl } from './command-database.js';
import { hasNoArguments } from './no-arguments.js';
import { sweep } from './sweep.js';

const usage = `auth-service-sweep, npm run sweep: deletes all expired rows now. The service does this automatically every hour.

It takes no arguments. It uses DATABASE_URL, SESSION_ABSOLUTE_DAYS, and how long rows are kept, from the environment or .env.

Exit status: 0 done, 1 sweep incomplete, 2 wrong usage.
`;

ignoreClosedOutput();
const env = readCleanEnvironment();
const { DATABASE_URL: url } = env;

if (hasNoArguments(usage) && hasDatabaseUrl('DATABASE_URL', url)) {
  const absoluteSeconds = readAbsoluteSeconds(env);
  try {
    if (absoluteSeconds === undefined) throw new Error('SESSION_ABSOLUTE_DAYS is invalid');
    const client = await connectOnce(url);
    try {
      const lifetime = { absoluteSeconds };
      const retention = retentionFrom(env);
      const options = { now: new Date(), lifetime, withinMs: Infinity, retention };
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
