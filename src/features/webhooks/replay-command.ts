#!/usr/bin/env node
/** `npm run webhooks -- replay`: delivers webhooks again, with the same ids. */
import { readCleanEnvironment } from '../../config/clean-values.js';
import { runOnDatabase } from '../../db/command-database.js';
import { parseOptions } from '../../operator/parse-options.js';
import { runCommand } from '../../operator/run-command.js';
import { UsageError } from '../../operator/usage-error.js';
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

await runCommand(usage, readOptions, async (which) => {
  await runOnDatabase(readCleanEnvironment(), 'nothing is replayed', async (orm) => {
    const count = await replay(orm, which, new Date());
    process.stdout.write(`${count} deliveries are due again\n`);
  });
  return 0;
});

/**
 * @returns undefined if help is requested
 * @throws UsageError
 */
function readOptions(args: readonly string[]): Replay | undefined {
  const parsed = parseOptions(args, {
    since: { type: 'string' },
    id: { type: 'string' },
    all: { type: 'boolean' },
  });
  if (parsed === undefined) return undefined;
  const { values, positionals } = parsed;
  if (positionals.length !== 1 || positionals[0] !== 'replay') {
    throw new UsageError('the one command is replay');
  }
  const since = values.since === undefined ? undefined : new Date(values.since);
  if (since !== undefined && Number.isNaN(since.getTime())) {
    throw new UsageError('--since is not a time');
  }
  const isLimited = since !== undefined || values.id !== undefined;
  if (values.all === true && !isLimited) throw new UsageError('--all needs --since or --id');
  return { since, eventId: values.id, includeSent: values.all === true };
}
