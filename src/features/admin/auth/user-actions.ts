/** What operators do to a user. Each change is one transaction with its event. */
import { and, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { AuditKind } from '../../../audit-kinds.js';
import type { AuditEvent } from '../../../audit.js';
import { lockOwner, type LinkOwner } from '../../../auth/link-rows.js';
import { hashPassword } from '../../../auth/password.js';
import { lockPrefixes, secondFactorLockPrefixes } from '../../../auth/sign-in-keys.js';
import type { Orm } from '../../../db/client.js';
import { session, user } from '../../../db/schema.js';
import { endSessions } from '../../../db/session-endings.js';
import { LastAdminError } from '../../../db/last-admin.js';
import { createPasswordRules } from '../../../operator/new-password.js';
import { PasswordRefusedError } from '../../../operator/password-refused.js';
import { createUsers, type Users } from '../../../operator/users.js';
import { writeNotice } from '../../../operator/write-notice.js';
import { adminRole, hasRole } from '../../../roles.js';
import { CallRefused, type Call } from '../call.js';
import { operatorEvent, type Handlers, type HandlerServices } from './handler.js';
import { readInput, text } from './input.js';
import { createResetLinks } from './reset-link.js';

const nothing = z.strictObject({});

type Actions = Pick<
  Handlers,
  | 'signOut'
  | 'liftLimits'
  | 'lock'
  | 'unlock'
  | 'setPassword'
  | 'mailPasswordReset'
  | 'removeFactors'
  | 'verifyEmail'
  | 'deleteUser'
>;

interface Target extends LinkOwner {
  readonly tx: Orm;
  /** The operations of `npm run user`, in this transaction. */
  readonly users: Users;
}

/** What is returned to the operator, and what the event says of it. */
interface Done {
  /** Of the event, where it depends on what was done. */
  readonly kind?: AuditKind;
  readonly result: object;
  readonly details?: AuditEvent['details'];
}

export function createUserActions(services: HandlerServices): Actions {
  const { config, database, audit, limits, mailer, now, logger } = services;
  const checkPassword = createPasswordRules(config, logger);
  const { absoluteSeconds } = config.sessionLifetime;
  const mailResetLink = createResetLinks(services);

  /** Of the counters that hold the account back, with the current secret or an older one. */
  function prefixesOf(userId: string, email: string): string[] {
    const { current, previous } = config.keyRing;
    return [current, ...previous].flatMap(({ value }) => [
      ...lockPrefixes(value, email),
      ...secondFactorLockPrefixes(value, userId),
    ]);
  }

  /** @throws CallRefused 404 if there is no such user, 409 for the last operator */
  function change(
    call: Call,
    kind: AuditKind,
    work: (target: Target) => Promise<Done>,
  ): Promise<object> {
    return database.orm.transaction(async (inner) => {
      const tx = joinable(inner);
      const owner = await lockOwner(tx, call.userId);
      if (owner === undefined) throw new CallRefused('USER_NOT_FOUND');
      const users = createUsers(tx, absoluteSeconds);
      const done = await work({ ...owner, tx, users }).catch(refuseLastAdmin);
      const { result, details, kind: happened = kind } = done;
      await audit.record(tx, operatorEvent(call, happened, owner.id, details));
      return result;
    });
  }

  /** An operator who could enter the account of another one would act under that name. */
  async function refuseOtherAdmin({ tx, id }: Target, { operator }: Call): Promise<void> {
    if (id === operator.id) return;
    const [found] = await tx.select({ role: user.role }).from(user).where(eq(user.id, id));
    if (hasRole(found?.role, adminRole)) throw new CallRefused('USER_IS_ADMIN');
  }

  /** @throws CallRefused 400 with the rule that the password violates, 404 if there is no such user */
  async function requireAllowed(password: string, userId: string): Promise<void> {
    const names = { email: user.email, name: user.name };
    const [owner] = await database.orm.select(names).from(user).where(eq(user.id, userId));
    if (owner === undefined) throw new CallRefused('USER_NOT_FOUND');
    try {
      await checkPassword(password, owner);
    } catch (error) {
      if (!(error instanceof PasswordRefusedError)) throw error;
      throw new CallRefused('ADMIN_PASSWORD_REFUSED', error.message, { rule: error.rule });
    }
  }

  return {
    async signOut(call) {
      const { sessionId } = readInput(
        z.strictObject({ sessionId: text(64).optional() }),
        call.input,
      );
      const kind = sessionId === undefined ? 'sessions_end' : 'session_revoke';
      return change(call, kind, async ({ tx, id, users }) => {
        if (sessionId === undefined) {
          const sessionsEnded = await users.signOut(id);
          return { result: { sessionsEnded }, details: { sessionsEnded } };
        }
        const one = sql`${session.id} = ${sessionId} and ${session.userId} = ${id}`;
        const ending = { reason: 'session_ended_by_operator' } as const;
        const ended = await endSessions(tx, one, ending, { absoluteSeconds });
        if (ended.length === 0) throw new CallRefused('SESSION_NOT_FOUND');
        return { result: { sessionsEnded: 1 }, details: { sessionsEnded: 1 } };
      });
    },

    async liftLimits(call) {
      readInput(nothing, call.input);
      return change(call, 'limits_lift', async ({ tx, id, email }) => {
        const details = { limitsLifted: await limits.lift(tx, prefixesOf(id, email)) };
        return { result: details, details };
      });
    },

    async lock(call) {
      readInput(nothing, call.input);
      const lockUser = async ({ id, users }: Target): Promise<Done> => {
        const sessionsEnded = await users.lock(id);
        return { result: { sessionsEnded }, details: { sessionsEnded } };
      };
      return change(call, 'user_lock', lockUser);
    },

    async unlock(call) {
      readInput(nothing, call.input);
      return change(call, 'user_unlock', async ({ id, email, users }) => {
        const { wasLocked, limitsLifted } = await users.unlock(id, (tx) =>
          limits.lift(tx, prefixesOf(id, email)),
        );
        const kind = wasLocked ? 'user_unlock' : 'limits_lift';
        return { result: { wasLocked, limitsLifted }, details: { limitsLifted }, kind };
      });
    },

    async setPassword(call) {
      const { password } = readInput(
        z.strictObject({ password: z.string().max(1_000) }),
        call.input,
      );
      await requireAllowed(password, call.userId);
      const hash = await hashPassword(password);
      return change(call, 'password_set', async (target) => {
        await refuseOtherAdmin(target, call);
        const sessionsEnded = await target.users.setPassword(target.id, hash);
        return { result: { sessionsEnded }, details: { sessionsEnded } };
      });
    },

    async mailPasswordReset(call) {
      readInput(nothing, call.input);
      return change(call, 'password_reset_request', async (target) => {
        await refuseOtherAdmin(target, call);
        const mailId = await mailResetLink(target.tx, target, call);
        return { result: { mailId }, details: { mailId } };
      });
    },

    async removeFactors(call) {
      readInput(nothing, call.input);
      return change(call, 'factor_remove', async (target) => {
        await refuseOtherAdmin(target, call);
        const canMail = mailer !== undefined && config.features['security-notices'] !== undefined;
        let isNotified = false;
        const { removed, sessionsEnded } = await target.users.removeFactors(
          target.id,
          async (db) => {
            if (!canMail) return;
            const { requestId } = call;
            const occasion = { now: now(), site: config.baseUrl, requestId };
            isNotified = await writeNotice(mailer, db, 'second-factor-removed', target, occasion);
          },
        );
        const result = { removed, sessionsEnded, isNotified };
        return { result, details: result };
      });
    },

    async verifyEmail(call) {
      readInput(nothing, call.input);
      return change(call, 'email_verification', async ({ tx, id }) => {
        const unproven = and(eq(user.id, id), eq(user.emailVerified, false));
        const changed = tx.update(user).set({ emailVerified: true }).where(unproven);
        const wasVerified = (await changed.returning({ id: user.id })).length === 0;
        return { result: { wasVerified }, details: { wasVerified } };
      });
    },

    async deleteUser(call) {
      readInput(nothing, call.input);
      const deleteUser = async ({ id, users }: Target): Promise<Done> => {
        const sessionsEnded = await users.remove(id);
        return { result: { sessionsEnded }, details: { sessionsEnded } };
      };
      return change(call, 'account_deletion', deleteUser);
    },
  };
}

function refuseLastAdmin(error: unknown): never {
  throw error instanceof LastAdminError ? new CallRefused('LAST_ADMIN') : error;
}

/** The transaction, where what begins one of its own becomes a part of it. */
function joinable(tx: object): Orm {
  const joined = Object.create(tx) as Orm;
  joined.transaction = (run) => run(joined as never);
  return joined;
}
