#!/usr/bin/env node
/** `npm run sweep`: deletes all expired rows and prints how many per table; exit status 1 on failure. */
import { readCleanEnvironment } from '../config/clean-values.js';
import { readAbsoluteSeconds } from '../config/session-lifetime.js';
import { sweepSettingsFrom } from '../features/sweeps.js';
import { readNoOptions } from '../operator/parse-options.js';
import { runCommand } from '../operator/run-command.js';
import { runOnDatabase } from './command-database.js';
import { sweep } from './sweep.js';

const usage = `auth-service-sweep, npm run sweep: deletes all expired rows now. The service does this automatically every hour.

It takes no arguments. It uses DATABASE_URL, SESSION_ABSOLUTE_DAYS, and how long rows are kept, from the environment or .env.

Exit status: 0 done, 1 sweep incomplete, 2 wrong usage.
`;

await runCommand(usage, readNoOptions, async () => {
  const env = readCleanEnvironment();
  const absoluteSeconds = readAbsoluteSeconds(env);
  await runOnDatabase(env, 'sweep incomplete', async (orm) => {
    if (absoluteSeconds === undefined) throw new Error('SESSION_ABSOLUTE_DAYS is invalid');
    const swept = await sweep(orm, {
      now: new Date(),
      lifetime: { absoluteSeconds },
      withinMs: Infinity,
      ...sweepSettingsFrom(env),
    });
    const counts = Object.entries(swept).map(([table, rows]) => `${table} ${rows}`);
    process.stdout.write(`deleted rows: ${counts.join(', ')}\n`);
  });
  return 0;
});
