/** What operators do to a user. Each change is one transaction with its event. */
import { and, eq, like, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { AuditKind } from '../../../audit-kinds.js';
import type { AuditEvent } from '../../../audit.js';
import { lockOwner, type LinkOwner } from '../../../auth/link-rows.js';
import { describeTime } from '../../../auth/notice-details.js';
import { hashPassword } from '../../../auth/password.js';
import { lockPatterns, secondFactorLockPatterns } from '../../../auth/sign-in-keys.js';
import type { Orm } from '../../../db/client.js';
import { rateLimit, session, user } from '../../../db/schema.js';
import { endSessions } from '../../../db/session-endings.js';
import { checkPassword, PasswordRefusedError } from '../../../operator/new-password.js';
import { endImpersonations, isLastAdmin } from '../../../operator/roles.js';
import { createUsers, type Users } from '../../../operator/users.js';
import { adminRole, hasRole } from '../../../roles.js';
import { CallRefused, type Call } from '../call.js';
import { operatorEvent, type Handlers, type HandlerServices } from './handler.js';
import { readInput, text } from './input.js';
import { createResetLinks } from './reset-link.js';

const nothing = z.strictObject({});
const dayMs = 86_400_000;

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
  readonly result: object;
  readonly details?: AuditEvent['details'];
  /** Instead of the usual kind of the action. */
  readonly kind?: AuditKind;
}

export function createUserActions(services: HandlerServices): Actions {
  const { config, database, audit, mailer, now } = services;
  const { absoluteSeconds } = config.sessionLifetime;
  const mailResetLink = createResetLinks(services);

  /** For LIKE, of the counters that hold the account back, with the current secret or an older one. */
  function patternsOf(userId: string, email: string): string[] {
    const { current, previous } = config.keyRing;
    return [current, ...previous].flatMap(({ value }) => [
      ...lockPatterns(value, email),
      ...secondFactorLockPatterns(value, userId),
    ]);
  }

  /** @throws CallRefused 404 if there is no such user */
  function change(
    call: Call,
    kind: AuditKind,
    work: (target: Target) => Promise<Done>,
    before: (tx: Orm) => Promise<void> = () => Promise.resolve(),
  ): Promise<object> {
    return database.orm.transaction(async (inner) => {
      const tx = joinable(inner);
      await before(tx);
      const owner = await lockOwner(tx, call.userId);
      if (owner === undefined) throw new CallRefused('USER_NOT_FOUND');
      const users = createUsers(tx, now, absoluteSeconds);
      const { result, details, kind: happened = kind } = await work({ ...owner, tx, users });
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
        const ended = await endSessions(tx, one, ending, { absoluteSeconds }, now());
        if (ended.length === 0) throw new CallRefused('SESSION_NOT_FOUND');
        return { result: { sessionsEnded: 1 }, details: { sessionsEnded: 1 } };
      });
    },

    async liftLimits(call) {
      readInput(nothing, call.input);
      return change(call, 'limits_lift', async ({ tx, id, email }) => {
        const isOfAccount = or(...patternsOf(id, email).map((one) => like(rateLimit.key, one)));
        const lifted = await tx
          .delete(rateLimit)
          .where(isOfAccount)
          .returning({ id: rateLimit.id });
        const details = { limitsLifted: lifted.length };
        return { result: details, details };
      });
    },

    async lock(call) {
      readInput(nothing, call.input);
      const lockUser = async ({ tx, id, users }: Target): Promise<Done> => {
        await endImpersonations(tx, id);
        const sessionsEnded = await users.lock(id);
        return { result: { sessionsEnded }, details: { sessionsEnded } };
      };
      return change(call, 'user_lock', lockUser, (tx) => refuseLastAdmin(tx, call));
    },

    async unlock(call) {
      readInput(nothing, call.input);
      return change(call, 'user_unlock', async ({ id, email, users }) => {
        const { wasLocked, limitsLifted } = await users.unlock(id, patternsOf(id, email));
        const kind = wasLocked ? 'user_unlock' : 'limits_lift';
        return { kind, result: { wasLocked, limitsLifted }, details: { limitsLifted } };
      });
    },

    async setPassword(call) {
      const { password } = readInput(
        z.strictObject({ password: z.string().max(1_000) }),
        call.input,
      );
      await requireAllowed(password);
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
        let isLimited = false;
        const { removed, sessionsEnded } = await target.users.removeFactors(
          target.id,
          async (db) => {
            if (!canMail) return;
            await mailer.enqueue(db, {
              template: 'second-factor-removed',
              to: target.email,
              userId: target.id,
              requestId: call.requestId,
              data: { when: describeTime(now()), site: config.baseUrl },
              expiresAt: new Date(now().getTime() + dayMs),
              whenLimited: () => {
                isLimited = true;
                return Promise.resolve();
              },
            });
          },
        );
        const isNotified = canMail && removed.length > 0 && !isLimited;
        return {
          result: { removed, sessionsEnded, isNotified },
          details: { removed, sessionsEnded, isNotified },
        };
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
      const deleteUser = async ({ tx, id, users }: Target): Promise<Done> => {
        await endImpersonations(tx, id);
        const sessionsEnded = await users.remove(id);
        return { result: { sessionsEnded }, details: { sessionsEnded } };
      };
      return change(call, 'account_deletion', deleteUser, (tx) => refuseLastAdmin(tx, call));
    },
  };
}

async function refuseLastAdmin(tx: Orm, { userId }: Call): Promise<void> {
  if (await isLastAdmin(tx, userId)) throw new CallRefused('LAST_ADMIN');
}

/** The transaction, where what begins one of its own becomes a part of it. */
function joinable(tx: object): Orm {
  const joined = Object.create(tx) as Orm;
  joined.transaction = (run) => run(joined as never);
  return joined;
}

async function requireAllowed(password: string): Promise<void> {
  try {
    await checkPassword(password);
  } catch (error) {
    if (!(error instanceof PasswordRefusedError)) throw error;
    throw new CallRefused('ADMIN_PASSWORD_REFUSED', error.message);
  }
}
