/** Grants and withdraws roles. Within a transaction; each locks the user, and a withdrawal of `admin` all operators. */
import { and, eq, isNotNull, isNull } from 'drizzle-orm';
import type { OrmOrTransaction } from '../db/client.js';
import { session, user } from '../db/schema.js';
import { endSessions } from '../db/session-endings.js';
import { impersonationSeconds } from '../session/lifetime.js';
import { adminRole, hasRole, joinRoles, rolesOf } from '../roles.js';

/** @returns the roles of the user afterwards */
export async function grantRole(
  tx: OrmOrTransaction,
  userId: string,
  role: string,
): Promise<string[]> {
  return changeRoles(tx, userId, (roles) => [...roles, role]);
}

/** @returns the roles of the user afterwards */
export async function revokeRole(
  tx: OrmOrTransaction,
  userId: string,
  role: string,
): Promise<string[]> {
  if (role === adminRole) await endImpersonations(tx, userId);
  return changeRoles(tx, userId, (roles) => roles.filter((one) => one !== role));
}

/** Ends the sessions in which this operator acts as somebody else. */
export async function endImpersonations(tx: OrmOrTransaction, operatorId: string): Promise<void> {
  const ending = { reason: 'session_ended_by_operator' } as const;
  const lifetime = { absoluteSeconds: impersonationSeconds };
  await endSessions(tx, eq(session.impersonatedBy, operatorId), ending, lifetime);
}

async function changeRoles(
  tx: OrmOrTransaction,
  userId: string,
  change: (roles: string[]) => string[],
): Promise<string[]> {
  const isOwn = eq(user.id, userId);
  const [found] = await tx.select({ role: user.role }).from(user).where(isOwn).for('update');
  if (found === undefined) return [];
  const role = joinRoles(change(rolesOf(found.role)));
  await tx.update(user).set({ role }).where(isOwn);
  return rolesOf(role);
}

/**
 * Whether there would be no operator who can sign in without this user. Locks all of them, in one order, so that two of them cannot
 * remove each other at the same time.
 */
export async function isLastAdmin(tx: OrmOrTransaction, userId: string): Promise<boolean> {
  const withRole = await tx
    .select({ id: user.id, role: user.role })
    .from(user)
    .where(and(isNotNull(user.role), isNull(user.lockedAt)))
    .orderBy(user.id)
    .for('update');
  const admins = withRole.filter(({ role }) => hasRole(role, adminRole));
  return admins.length === 1 && admins[0]?.id === userId;
}
