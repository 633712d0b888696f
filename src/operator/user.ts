#!/usr/bin/env node
/** `npm run user`: finds, signs out, locks, unlocks or deletes a user, sets a password, removes second factors or changes roles. */
import { hashPassword } from '../auth/password.js';
import { readCleanEnvironment } from '../config/clean-values.js';
import type { Environment } from '../config/environment.js';
import { readAbsoluteSeconds } from '../config/session-lifetime.js';
import { ignoreClosedOutput } from '../closed-output.js';
import { createDatabase, type Database, type Orm } from '../db/client.js';
import { createCommandTrail } from '../features/create-feature-audit.js';
import { createCommandLimits } from '../features/create-feature-limits.js';
import { explainUnavailable } from '../db/unavailable.js';
import { exitOnSignal } from '../exit-on-signal.js';
import { findLimitsUnavailable } from '../limit-store.js';
import { createLogger } from '../log/logger.js';
import { printable } from '../log/printable.js';
import { recordCommands } from './audit.js';
import { confirm, NoTerminalError } from './prompt.js';
import { describeDatabaseFailure } from './database-failure.js';
import { describeUser, toJson } from './describe-user.js';
import { lockPrefixes, secondFactorLockPrefixes } from '../auth/sign-in-keys.js';
import { findKeyRing, NoSecretError } from './find-key-ring.js';
import { findDatabase } from './find-database.js';
import { adminRole } from '../roles.js';
import { grantRole, isLastAdmin, revokeRole } from './roles.js';
import { PasswordRefusedError, readNewPassword } from './new-password.js';
import { readOptions, usage, type Options } from './options.js';
import { UsageError } from './usage-error.js';
import { createUsers, type FoundUser, type Users } from './users.js';

const { stdout, stderr } = process;
const logger = createLogger('info', { write: (line) => void stderr.write(line) });

exitOnSignal();
ignoreClosedOutput();
try {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) stdout.write(usage);
  else process.exitCode = await run(options, readCleanEnvironment());
} catch (error) {
  if (error instanceof UsageError) {
    stderr.write(`${printable(error.message)}\n\n${usage}`);
    process.exitCode = 2;
  } else {
    stderr.write(`${messageFor(error)}\n`);
    process.exitCode = error instanceof NoTerminalError ? 2 : 1;
  }
}

async function run(options: Options, env: Environment): Promise<number> {
  const found = await findDatabase(env);
  stderr.write(`in ${printable(found.label)}\n`);
  const now = () => new Date();
  const absoluteSeconds = readAbsoluteSeconds(env);
  if (absoluteSeconds === undefined) throw new UsageError('SESSION_ABSOLUTE_DAYS is invalid');
  const database = createDatabase({
    url: found.url,
    maxConnections: 1,
    onIdleError: () => undefined,
    now,
  });
  const trail = createCommandTrail(env, { database, now, logger });
  const users = createUsers(database.orm, now, absoluteSeconds, recordCommands(trail));
  let userId: string | undefined;
  try {
    const user = await users.find(options.email);
    userId = user?.id;
    if (user === undefined) {
      report(options, { outcome: 'not_found' }, 'there is no user with this address');
      return 1;
    }
    return await runCommand(options, user, { users, database }, env);
  } catch (error) {
    if (isRefusal(error)) {
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

async function runCommand(
  options: Options,
  user: FoundUser,
  { users, database }: { readonly users: Users; readonly database: Database },
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
      const hash = await hashPassword(await readNewPassword(options.passwordFromStdin));
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
      const unlocking = users.unlock(id, (tx) => store.lift(tx, prefixes));
      const { limitsLifted, wasLocked } = await unlocking.finally(store.close);
      const limits =
        limitsLifted === 0
          ? 'nothing was counted for this account with the current secret'
          : `${limitsLifted} limit(s) lifted`;
      const message = wasLocked ? `the user may sign in again; ${limits}` : limits;
      report(options, { outcome: 'done', userId: id, limitsLifted, wasLocked }, message);
      return 0;
    }
    case 'remove-factor': {
      const { createNotices } = await import('./notice.js');
      const notices = createNotices('second-factor-removed', env, database, logger);
      const { removed, sessionsEnded } = await users.removeFactors(id, (tx) =>
        notices.write(tx, id, user.email),
      );
      await notices.close();
      const isNotified = removed.length > 0 && notices.obstacle === undefined;
      const mailed = isNotified
        ? 'the owner gets a mail'
        : `the owner gets no mail: ${notices.obstacle ?? ''}`;
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
      return changeRole(options, user, database.orm);
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

async function changeRole(options: Options, { id }: FoundUser, orm: Orm): Promise<number> {
  const { command, role = '' } = options;
  const change = command === 'grant' ? grantRole : revokeRole;
  const { roles, wasLast } = await orm.transaction(async (tx) => ({
    wasLast: command === 'revoke' && role === adminRole && (await isLastAdmin(tx, id)),
    roles: await change(tx, id, role),
  }));
  const warning = wasLast ? '; nobody has the role admin now' : '';
  report(
    options,
    { outcome: 'done', userId: id, roles },
    `roles: ${roles.join(', ') || 'none'}${warning}`,
  );
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

/** Whether the command refused to run, with a message for the operator. */
function isRefusal(error: unknown): error is Error {
  return (
    error instanceof PasswordRefusedError ||
    error instanceof NoTerminalError ||
    error instanceof NoSecretError
  );
}

function messageFor(error: unknown): string {
  return isRefusal(error) ? printable(error.message) : describeDatabaseFailure(error);
}
