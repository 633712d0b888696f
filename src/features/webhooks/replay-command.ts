#!/usr/bin/env node
/** `npm run webhooks -- replay`: delivers webhooks again, with the same ids. */
import { parseArgs } from 'node:util';
import { drizzle } from 'drizzle-orm/node-postgres';
import { ignoreClosedOutput } from '../../closed-output.js';
import { readCleanEnvironment } from '../../config/clean-values.js';
import { connectOnce } from '../../db/client.js';
import { describeFailure, hasDatabaseUrl } from '../../db/command-database.js';
import { replay, type Replay } from './deliveries.js';

const usage = `auth-service-webhooks: delivers webhooks again, which the running service then sends.

  npm run webhooks -- replay                        those that have failed for good
  npm run webhooks -- replay --since 2026-11-28     only those since a time (ISO 8601)
  npm run webhooks -- replay --id ID                only the event with this id, the webhook-id of its log lines
  npm run webhooks -- replay --all --since …        also those that were sent

The id of each event stays the same, so a receiver that has seen it can ignore it. It uses DATABASE_URL from the
environment or .env.

Exit status: 0 done, 1 failed, 2 wrong usage.
`;

ignoreClosedOutput();
const options = readOptions();
const { DATABASE_URL: url } = readCleanEnvironment();
if (typeof options === 'string') {
  process.stderr.write(`${options}\n\n${usage}`);
  process.exitCode = 2;
} else if (options === undefined) {
  process.stdout.write(usage);
} else if (hasDatabaseUrl('DATABASE_URL', url)) {
  await run(url, options);
}

async function run(databaseUrl: string, which: Replay): Promise<void> {
  try {
    const client = await connectOnce(databaseUrl);
    try {
      const count = await replay(drizzle(client), which, new Date());
      process.stdout.write(`${count} deliveries are due again\n`);
    } finally {
      await client.end();
    }
  } catch (error) {
    process.stderr.write(`nothing is replayed: ${describeFailure(error, 'DATABASE_URL')}\n`);
    process.exitCode = 1;
  }
}

/** @returns undefined if help is requested, or what is wrong with the command line */
function readOptions(): Replay | string | undefined {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        since: { type: 'string' },
        id: { type: 'string' },
        all: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help === true) return undefined;
    if (positionals.length !== 1 || positionals[0] !== 'replay') return 'the one command is replay';
    const since = values.since === undefined ? undefined : new Date(values.since);
    if (since !== undefined && Number.isNaN(since.getTime())) return '--since is not a time';
    const isLimited = since !== undefined || values.id !== undefined;
    if (values.all === true && !isLimited) return '--all needs --since or --id';
    return { since, eventId: values.id, includeSent: values.all === true };
  } catch (error) {
    return error instanceof Error ? error.message : 'the command line cannot be read';
  }
}
