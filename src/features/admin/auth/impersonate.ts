/** An operator acts as a user: for an hour at most, with a reason, never fresh and at level 1. */
import { randomBytes, randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { lockOwner } from '../../../auth/link-rows.js';
import { session, user } from '../../../db/schema.js';
import { adminRole, hasRole } from '../../../roles.js';
import { impersonationSeconds } from '../../../session/lifetime.js';
import { writeNotice } from '../../../operator/write-notice.js';
import { tokenFingerprint } from '../../../session/signed-token.js';
import { CallRefused } from '../call.js';
import type { AdminSettings } from '../feature.js';
import { operatorEvent, type Handlers, type HandlerServices } from './handler.js';
import { readInput, text } from './input.js';

const body = z.strictObject({ reason: text(200).min(3) });

export function createImpersonation(
  { impersonationNotice }: AdminSettings,
  { config, database: { orm }, audit, mailer, now }: HandlerServices,
): Pick<Handlers, 'impersonate'> {
  return {
    async impersonate(call) {
      const { reason } = readInput(body, call.input);
      const token = randomBytes(24).toString('base64url').replace(/[-_]/g, 'x');
      const done = await orm.transaction(async (tx) => {
        let isNotified = false;
        const owner = await lockOwner(tx, call.userId);
        if (owner === undefined) throw new CallRefused('USER_NOT_FOUND');
        const state = { role: user.role, lockedAt: user.lockedAt };
        const [found] = await tx.select(state).from(user).where(eq(user.id, owner.id));
        if (hasRole(found?.role, adminRole)) throw new CallRefused('USER_IS_ADMIN');
        const lockedAt = found?.lockedAt ?? null;
        if (lockedAt !== null) throw new CallRefused('USER_IS_LOCKED');
        // Since the request was let in, the operator may have been locked or lost the role, which ended such sessions.
        const isOperator = eq(user.id, call.operator.id);
        const [operator] = await tx.select(state).from(user).where(isOperator).for('share');
        if (operator?.lockedAt !== null || !hasRole(operator.role, adminRole))
          throw new CallRefused('ROLE_REQUIRED');
        // By the database's clock, by which it ends.
        const time = sql`statement_timestamp()`;
        const inserted = tx.insert(session).values({
          id: randomUUID(),
          token,
          userId: owner.id,
          expiresAt: sql`${time} + make_interval(secs => ${impersonationSeconds})`,
          createdAt: time,
          updatedAt: time,
          ipAddress: call.client.address ?? null,
          userAgent: call.client.userAgent?.slice(0, 500) ?? null,
          aal: 1,
          methods: [],
          // Never fresh: nobody has proven to be the user.
          provenAt: new Date(0),
          impersonatedBy: call.operator.id,
        });
        const [begun] = await inserted.returning({ expiresAt: session.expiresAt });
        if (impersonationNotice && mailer !== undefined) {
          const occasion = { now: now(), site: config.baseUrl, requestId: call.requestId };
          isNotified = await writeNotice(mailer, tx, 'account-impersonated', owner, occasion);
        }
        const details = {
          reason,
          state: 'begin',
          isNotified,
          userSession: tokenFingerprint(token),
        };
        await audit.record(tx, operatorEvent(call, 'impersonation', owner.id, details));
        return { ...begun, isNotified };
      });
      call.cookies.keepOwn(call.operator.token);
      call.cookies.set(token, impersonationSeconds);
      return done;
    },
  };
}
