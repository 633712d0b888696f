#!/usr/bin/env node
/** `npm run sessions`: ends all sessions of all users, after a restore of the database or a leak. */
import { readCleanEnvironment } from '../config/clean-values.js';
import { readAbsoluteSeconds } from '../config/session-lifetime.js';
import { explainUnavailable } from '../db/unavailable.js';
import { createCommandTrail } from '../features/create-feature-audit.js';
import { discardPlannedMessages } from '../features/restores.js';
import { createLogger } from '../log/logger.js';
import { recordCommands } from './audit.js';
import { toJson } from './describe-user.js';
import { openDatabase } from './open-database.js';
import { confirm, NoTerminalError } from './prompt.js';
import { runCommand } from './run-command.js';
import { createEndAll, type EndedCounts } from './sessions/end-all.js';
import { UsageError } from './usage-error.js';
import { readSessionsCommand, usage, type SessionsCommand } from './sessions/options.js';

const { stdout, stderr } = process;
const logger = createLogger('info', { write: (line) => void stderr.write(line) });
const action = 'end-all';

/** Of a thousand rows. */
const queryTimeoutMs = 60_000;

await runCommand(usage, readSessionsCommand, run);

async function run(command: SessionsCommand): Promise<number> {
  const env = readCleanEnvironment();
  const absoluteSeconds = readAbsoluteSeconds(env);
  if (absoluteSeconds === undefined) throw new UsageError('SESSION_ABSOLUTE_DAYS is invalid');
  const database = await openDatabase(env, queryTimeoutMs);
  const endAll = createEndAll(database.orm, command.createdBefore, absoluteSeconds);
  try {
    if (!command.yes && !(await confirm(`End ${describe(await endAll.count())}?`))) {
      stdout.write(command.json ? toJson({ action, outcome: 'declined' }) : 'nothing was ended\n');
      logger.info({ action, outcome: 'declined' }, 'sessions');
      return 1;
    }
    const ended = await endAll.end();
    const trail = createCommandTrail(env, { database, now: () => new Date(), logger });
    const { sessions } = ended;
    await recordCommands(trail)(database.orm, { kind: 'sessions_end', details: { sessions } });
    const mails = command.discardMails ? await discardPlannedMessages(database.orm) : undefined;
    const result = {
      action,
      outcome: 'done',
      ended,
      ...(mails !== undefined && { mailsDiscarded: mails }),
    };
    const alsoMails = mails === undefined ? '' : `; ${mails} mail(s) discarded`;
    stdout.write(command.json ? toJson(result) : `ended: ${describe(ended)}${alsoMails}\n`);
    logger.info(result, 'sessions');
    return 0;
  } catch (error) {
    if (error instanceof NoTerminalError) throw error;
    const { code } = explainUnavailable(error);
    logger.error({ action, outcome: 'failed', code, err: error }, 'sessions');
    throw error;
  } finally {
    await database.close();
  }
}

function describe({ sessions, links, verifications }: EndedCounts): string {
  return `${sessions} session(s), ${links} mailed link(s), ${verifications} trusted device(s) and unfinished sign-in(s)`;
}
