/** Grants and withdraws roles. Within a transaction; each locks the user, and its event is part of it. */
import { eq } from 'drizzle-orm';
import type { OrmOrTransaction } from '../db/client.js';
import { requireOtherAdmin } from '../db/last-admin.js';
import { session, user } from '../db/schema.js';
import { endSessions } from '../db/session-endings.js';
import { impersonationSeconds } from '../session/lifetime.js';
import { adminRole, joinRoles, rolesOf } from '../roles.js';
import type { RecordOperation } from './audit.js';

/** @returns the roles of the user afterwards */
export async function grantRole(
  tx: OrmOrTransaction,
  userId: string,
  role: string,
  record?: RecordOperation,
): Promise<string[]> {
  const before = await lockRoles(tx, userId);
  if (before.includes(role)) return before;
  const roles = await writeRoles(tx, userId, [...before, role]);
  await record?.(tx, { kind: 'role_grant', userId, details: { granted: role, roles } });
  return roles;
}

/**
 * @returns the roles of the user afterwards
 * @throws LastAdminError
 */
export async function revokeRole(
  tx: OrmOrTransaction,
  userId: string,
  role: string,
  record?: RecordOperation,
): Promise<string[]> {
  const before = await lockRoles(tx, userId);
  if (!before.includes(role)) return before;
  if (role === adminRole) {
    await requireOtherAdmin(tx, userId);
    await endImpersonations(tx, userId);
  }
  const left = before.filter((one) => one !== role);
  const roles = await writeRoles(tx, userId, left);
  await record?.(tx, { kind: 'role_grant', userId, details: { revoked: role, roles } });
  return roles;
}

/** Ends the sessions in which this operator acts as somebody else. */
async function endImpersonations(tx: OrmOrTransaction, operatorId: string): Promise<void> {
  const ending = { reason: 'session_ended_by_operator' } as const;
  const lifetime = { absoluteSeconds: impersonationSeconds };
  await endSessions(tx, eq(session.impersonatedBy, operatorId), ending, lifetime);
}

async function lockRoles(tx: OrmOrTransaction, userId: string): Promise<string[]> {
  const own = tx.select({ role: user.role }).from(user).where(eq(user.id, userId));
  return rolesOf((await own.for('update'))[0]?.role);
}

async function writeRoles(
  tx: OrmOrTransaction,
  userId: string,
  roles: readonly string[],
): Promise<string[]> {
  const role = joinRoles(roles);
  await tx.update(user).set({ role }).where(eq(user.id, userId));
  return rolesOf(role);
}
