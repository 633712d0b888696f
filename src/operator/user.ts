#!/usr/bin/env node
/** `npm run user`: finds, signs out, locks, unlocks or deletes a user, sets a password, removes second factors or changes roles. */
import { hashPassword } from '../auth/password.js';
import { readCleanEnvironment } from '../config/clean-values.js';
import type { Environment } from '../config/environment.js';
import { readAbsoluteSeconds } from '../config/session-lifetime.js';
import type { Database, Orm } from '../db/client.js';
import { LastAdminError } from '../db/last-admin.js';
import { createCommandTrail } from '../features/create-feature-audit.js';
import { createCommandLimits } from '../features/create-feature-limits.js';
import { explainUnavailable } from '../db/unavailable.js';
import { findLimitsUnavailable } from '../limit-store.js';
import { createLogger } from '../log/logger.js';
import { printable } from '../log/printable.js';
import { recordCommands, type RecordOperation } from './audit.js';
import { CommandRefusedError } from './command-refused.js';
import { confirm } from './prompt.js';
import { describeDatabaseFailure } from './database-failure.js';
import { describeUser, toJson } from './describe-user.js';
import { lockPrefixes, secondFactorLockPrefixes } from '../auth/sign-in-keys.js';
import { findKeyRing } from './find-key-ring.js';
import { openDatabase } from './open-database.js';
import { grantRole, revokeRole } from './roles.js';
import { readOptions, usage, type Options } from './options.js';
import { runCommand } from './run-command.js';
import { UsageError } from './usage-error.js';
import { createUsers, type FoundUser, type Users } from './users.js';

const { stdout, stderr } = process;
const logger = createLogger('info', { write: (line) => void stderr.write(line) });

await runCommand(usage, readOptions, run);

async function run(options: Options): Promise<number> {
  const env = readCleanEnvironment();
  const absoluteSeconds = readAbsoluteSeconds(env);
  if (absoluteSeconds === undefined) throw new UsageError('SESSION_ABSOLUTE_DAYS is invalid');
  const database = await openDatabase(env);
  const now = () => new Date();
  const trail = createCommandTrail(env, { database, now, logger });
  const record = recordCommands(trail);
  const users = createUsers(database.orm, absoluteSeconds, record);
  let userId: string | undefined;
  try {
    const user = await users.find(options.email);
    userId = user?.id;
    if (user === undefined) {
      report(options, { outcome: 'not_found' }, 'there is no user with this address');
      return 1;
    }
    return await change(options, user, { users, database, record }, env);
  } catch (cause) {
    const isLastAdmin = cause instanceof LastAdminError;
    const error = isLastAdmin ? new CommandRefusedError(cause.message) : cause;
    if (error instanceof CommandRefusedError) {
      logger.info({ action: options.command, outcome: 'refused', userId }, 'user');
    } else {
      const { code } = findLimitsUnavailable(error) ?? explainUnavailable(error);
      logger.error(
        { action: options.command, outcome: 'failed', userId, code, err: error },
        'user',
      );
    }
    throw error;
  } finally {
    await database.close();
  }
}

interface Operations {
  readonly users: Users;
  readonly database: Database;
  readonly record: RecordOperation;
}

async function change(
  options: Options,
  user: FoundUser,
  { users, database, record }: Operations,
  env: Environment,
): Promise<number> {
  const { command, json } = options;
  const { id, sessions } = user;
  switch (command) {
    case 'find':
      stdout.write(json ? toJson(user) : describeUser(user));
      logger.info({ action: command, userId: id, outcome: 'found' }, 'user');
      return 0;
    case 'set-password': {
      const { createPasswordRules, readNewPassword } = await import('./new-password.js');
      const { tryReadConfig } = await import('./notice.js');
      const config = tryReadConfig(env, new Date());
      if (typeof config === 'string') {
        stderr.write(`not compared with the names of the site and with data breaches: ${config}\n`);
      }
      const check = createPasswordRules(typeof config === 'string' ? undefined : config, logger);
      const password = await readNewPassword(options.passwordFromStdin, (chosen) =>
        check(chosen, user),
      );
      const hash = await hashPassword(password);
      const ended = await users.setPassword(id, hash);
      report(options, { outcome: 'done', userId: id, sessionsEnded: ended }, 'the password is set');
      return 0;
    }
    case 'sign-out': {
      const ended = await users.signOut(id);
      report(options, { outcome: 'done', userId: id, sessionsEnded: ended }, 'signed out');
      return 0;
    }
    case 'lock': {
      const ended = await users.lock(id);
      const result = { outcome: 'done', userId: id, sessionsEnded: ended } as const;
      report(options, result, 'locked: every sign-in is refused until unlock');
      return 0;
    }
    case 'unlock': {
      const { current, previous } = await findKeyRing(env);
      const prefixes = [current, ...previous].flatMap(({ value }) => [
        ...lockPrefixes(value, user.email),
        ...secondFactorLockPrefixes(value, id),
      ]);
      const store = createCommandLimits(env, database.orm);
      let notLifted: Error | undefined;
      const unlocking = users.unlock(id, (tx) =>
        store.lift(tx, prefixes).catch((error: unknown) => {
          // An outage of Redis does not keep a locked user out.
          notLifted = findLimitsUnavailable(error);
          if (notLifted === undefined) throw error;
          return 0;
        }),
      );
      const { limitsLifted, wasLocked } = await unlocking.finally(store.close);
      if (notLifted !== undefined && !wasLocked) throw notLifted;
      const limits =
        notLifted !== undefined
          ? `the limits were not lifted: ${describeDatabaseFailure(notLifted)}`
          : limitsLifted === 0
            ? 'nothing was counted for this account with the current secret'
            : `${limitsLifted} limit(s) lifted`;
      const message = wasLocked ? `the user may sign in again; ${limits}` : limits;
      report(options, { outcome: 'done', userId: id, limitsLifted, wasLocked }, message);
      return 0;
    }
    case 'remove-factor': {
      const { createNotices } = await import('./notice.js');
      const notices = createNotices('second-factor-removed', env, database, logger);
      let obstacle: string | undefined;
      const { removed, sessionsEnded } = await users.removeFactors(id, async (tx) => {
        obstacle = await notices.write(tx, user);
      });
      await notices.close();
      const isNotified = removed.length > 0 && obstacle === undefined;
      const mailed = isNotified
        ? 'the owner gets a mail'
        : `the owner gets no mail: ${obstacle ?? ''}`;
      const message =
        removed.length > 0
          ? `removed: ${removed.join(', ')}; ${mailed}`
          : 'there was no second factor to remove';
      const result = { outcome: 'done', userId: id, factorsRemoved: removed, isNotified } as const;
      report(options, { ...result, sessionsEnded }, message);
      return 0;
    }
    case 'grant':
    case 'revoke':
      return changeRole(options, user, database.orm, record);
    case 'delete': {
      const question = `Delete ${printable(user.email)} (${id}, ${sessions.length} live sessions) for good?`;
      if (!options.yes && !(await confirm(question))) {
        report(options, { outcome: 'declined', userId: id }, 'nothing was deleted');
        return 1;
      }
      const ended = await users.remove(id);
      report(options, { outcome: 'done', userId: id, sessionsEnded: ended }, 'the user is deleted');
      return 0;
    }
  }
}

async function changeRole(
  options: Options,
  { id }: FoundUser,
  orm: Orm,
  record: RecordOperation,
): Promise<number> {
  const { command, role = '' } = options;
  const grantOrRevoke = command === 'grant' ? grantRole : revokeRole;
  const roles = await orm.transaction((tx) => grantOrRevoke(tx, id, role, record));
  const message = `roles: ${roles.join(', ') || 'none'}`;
  report(options, { outcome: 'done', userId: id, roles }, message);
  return 0;
}

interface Result {
  readonly outcome: 'done' | 'declined' | 'not_found';
  readonly userId?: string;
  readonly sessionsEnded?: number;
  readonly limitsLifted?: number;
  /** Afterwards. */
  readonly roles?: readonly string[];
  readonly wasLocked?: boolean;
  readonly factorsRemoved?: readonly string[];
  /** Whether a mail to the owner was written. */
  readonly isNotified?: boolean;
}

function report({ command, json }: Options, result: Result, message: string): void {
  const { sessionsEnded } = result;
  const sessions = sessionsEnded === undefined ? '' : `; ${sessionsEnded} live session(s) ended`;
  stdout.write(json ? toJson({ action: command, ...result }) : `${message}${sessions}\n`);
  logger.info({ action: command, ...result }, 'user');
}
