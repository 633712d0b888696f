/** What an operator sees of a user's authenticator app. */
import { and, count, eq, isNotNull, isNull, like, sql } from 'drizzle-orm';
import type { OrmOrTransaction } from '../../db/client.js';
import { verification } from '../../db/schema.js';
import { deviceKind } from './remove-factors.js';
import { backupCode, totpSecret } from './tables.js';

/** @returns undefined without an app that was confirmed */
export async function describeFactors(
  db: OrmOrTransaction,
  userId: string,
): Promise<string | undefined> {
  const confirmed = and(eq(totpSecret.userId, userId), isNotNull(totpSecret.secret));
  const apps = await db.select({ userId: totpSecret.userId }).from(totpSecret).where(confirmed);
  if (apps.length === 0) return undefined;
  const isLeft = and(
    eq(backupCode.userId, userId),
    eq(backupCode.isActive, true),
    isNull(backupCode.usedAt),
  );
  const isTrusted = and(
    eq(verification.value, userId),
    like(verification.identifier, `${deviceKind}|%`),
    sql`${verification.expiresAt} > statement_timestamp()`,
  );
  const [codes] = await db.select({ left: count() }).from(backupCode).where(isLeft);
  const [devices] = await db.select({ trusted: count() }).from(verification).where(isTrusted);
  return `authenticator app, ${codes?.left ?? 0} backup code(s) left, ${devices?.trusted ?? 0} trusted device(s)`;
}
