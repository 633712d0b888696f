/**
 * Backup codes, for who has lost the authenticator app: ten, each accepted once, shown once. Stored as an HMAC under the
 * service's secret (ASVS 6.5.2 asks for a slow hash instead: they have 75 random bits, and the key is not in the database).
 */
import { createHmac, randomInt } from 'node:crypto';
import { and, count, eq, inArray, isNull, sql } from 'drizzle-orm';
import { withErrorsRecorded } from '../../../auth/atomic-changes.js';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import type { UseProof } from '../../../auth/second-factor.js';
import type { OrmOrTransaction } from '../../../db/client.js';
import { backupCode } from '../tables.js';
import type { Refuse } from './refusals.js';

const codesOfUser = 10;

/** Crockford's base 32: without letters that look like digits. 15 of them are 75 bits. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const groups = 3;
const groupLength = 5;

export function createBackupCodes({ config, orm, scopes }: AuthDependencies, refuse: Refuse) {
  const { current, previous } = config.keyRing;

  /** Also found after a rotation of the secret. */
  const idsOf = (userId: string, code: string) =>
    [current, ...previous].map(({ value }) => idOf(value, userId, code));

  return {
    /** Replaces those that are not active yet. @returns the codes, to be shown once */
    async create(tx: OrmOrTransaction, userId: string): Promise<string[]> {
      const codes = Array.from({ length: codesOfUser }, createCode);
      await tx
        .delete(backupCode)
        .where(and(eq(backupCode.userId, userId), eq(backupCode.isActive, false)));
      const rows = codes.map((code) => ({
        id: idOf(current.value, userId, normalize(code)),
        userId,
        isActive: false,
      }));
      await tx.insert(backupCode).values(rows);
      return codes;
    },

    /** The newest codes take the place of the older ones. */
    async activate(tx: OrmOrTransaction, userId: string): Promise<void> {
      const ofUser = eq(backupCode.userId, userId);
      const isNew = and(ofUser, eq(backupCode.isActive, false));
      const waiting = await tx.select({ id: backupCode.id }).from(backupCode).where(isNew).limit(1);
      // Newer ones, which are active already, have replaced the codes of the secret that is confirmed now.
      if (waiting.length === 0) return;
      await tx.delete(backupCode).where(and(ofUser, eq(backupCode.isActive, true)));
      await tx.update(backupCode).set({ isActive: true }).where(ofUser);
    },

    /** @throws APIError with the reason */
    async check(userId: string, entered: string): Promise<UseProof> {
      const isOwn = and(
        inArray(backupCode.id, idsOf(userId, normalize(entered))),
        eq(backupCode.userId, userId),
        eq(backupCode.isActive, true),
      );
      const found = await withErrorsRecorded(scopes, orm.select().from(backupCode).where(isOwn));
      const [code] = found;
      if (code === undefined) throw refuse('backup_code_wrong');
      if (code.usedAt !== null) throw refuse('backup_code_used');
      return async (tx) => {
        const used = await tx
          .update(backupCode)
          .set({ usedAt: sql`statement_timestamp()` })
          .where(and(eq(backupCode.id, code.id), isNull(backupCode.usedAt)))
          .returning({ id: backupCode.id });
        if (used.length === 0) throw refuse('backup_code_used');
      };
    },

    /** How many are left. */
    async left(db: OrmOrTransaction, userId: string): Promise<number> {
      const isLeft = and(
        eq(backupCode.userId, userId),
        eq(backupCode.isActive, true),
        isNull(backupCode.usedAt),
      );
      const rows = await db.select({ left: count() }).from(backupCode).where(isLeft);
      return rows[0]?.left ?? 0;
    },
  };
}

function createCode(): string {
  const letter = () => alphabet[randomInt(alphabet.length)] ?? '';
  const group = () => Array.from({ length: groupLength }, letter).join('');
  return Array.from({ length: groups }, group).join('-');
}

/** As people write it: in any case, with or without dashes, O for 0, I and L for 1. */
function normalize(entered: string): string {
  return entered
    .toUpperCase()
    .replaceAll(/[\s-]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
}

function idOf(secret: string, userId: string, code: string): string {
  const text = JSON.stringify(['backup code', userId, code]);
  return createHmac('sha256', secret).update(text).digest('base64url');
}
