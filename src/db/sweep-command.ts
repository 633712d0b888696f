#!/usr/bin/env node
/** `npm run sweep`: deletes all that is due, and says how many rows of which table; exit status 1 when it could not. */
import { drizzle } from 'drizzle-orm/node-postgres';
import { readCleanEnvironment } from '../config/clean-values.js';
import { operatorVariables } from '../config/variables.js';
import { ignoreClosedOutput } from '../closed-output.js';
import { describeError } from '../log/describe-error.js';
import { connectOnce } from './client.js';
import { hasNoArguments } from './no-arguments.js';
import { sweep } from './sweep.js';

const usage = `auth-service-sweep, npm run sweep: deletes all expired rows at once. The service does it by itself, hour by hour.

It takes no arguments: DATABASE_URL of the environment or of .env says where.

Exit status: 0 done, 1 not swept to the end, 2 wrong usage.
`;

ignoreClosedOutput();
const { DATABASE_URL: url } = readCleanEnvironment();

if (!hasNoArguments(usage)) {
  // Said by now.
} else if (!url || !operatorVariables.shape.DATABASE_URL.safeParse(url).success) {
  const fault = url ? 'a postgresql:// URL' : 'set';
  process.stderr.write(`DATABASE_URL is not ${fault}: see .env.example\n`);
  process.exitCode = 1;
} else {
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
    const { code, message, cause } = describeError(error);
    const why = [message ?? cause?.message, code ?? cause?.code].filter(Boolean).join(' ');
    process.stderr.write(`not swept to the end: ${why} (DATABASE_URL)\n`);
    process.exitCode = 1;
  }
}
