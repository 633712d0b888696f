/**
 * The stored secrets of authenticator apps: created, confirmed by the first code, used once for each time step. After a
 * rotation of the service's secret, the next accepted code encrypts them again, as a sign-in renews an outdated hash.
 */
import type { GenericEndpointContext } from 'better-auth';
import { parseEnvelope, symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto';
import { and, eq, gt, isNull, lt, or, sql } from 'drizzle-orm';
import { withErrorsRecorded } from '../../../auth/atomic-changes.js';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import type { UseProof } from '../../../auth/second-factor.js';
import type { OrmOrTransaction } from '../../../db/client.js';
import { user } from '../../../db/schema.js';
import { totpSecret } from '../tables.js';
import { createSecret, matchStep, type MatchedStep } from '../time-step.js';
import type { Refuse } from './refusals.js';

/** How long a new secret waits for its first code, in minutes. */
const newSecretMinutes = 60;

export function createTotpSecrets({ orm, scopes }: AuthDependencies, refuse: Refuse) {
  const isNew = gt(
    totpSecret.newSecretAt,
    sql`statement_timestamp() - make_interval(mins => ${newSecretMinutes}::int)`,
  );

  async function decrypt({ context }: GenericEndpointContext, data: string): Promise<string> {
    try {
      return await symmetricDecrypt({ key: context.secretConfig, data });
    } catch {
      throw refuse('totp_secret_unreadable');
    }
  }

  /** @returns the secret under the current secret of the service; undefined if it is under that one already */
  async function reencrypt(
    { context: { secretConfig } }: GenericEndpointContext,
    stored: string,
    secret: string,
  ): Promise<string | undefined> {
    if (typeof secretConfig === 'string') return undefined;
    if (parseEnvelope(stored)?.version === secretConfig.currentVersion) return undefined;
    return symmetricEncrypt({ key: secretConfig, data: secret });
  }

  async function find(userId: string) {
    const query = orm
      .select({ secret: totpSecret.secret, newSecret: totpSecret.newSecret, isNew })
      .from(totpSecret)
      .where(eq(totpSecret.userId, userId));
    return (await withErrorsRecorded(scopes, query)).at(0);
  }

  /** @throws APIError unless the code is one of the present time */
  async function accept(userId: string, matched: MatchedStep | undefined): Promise<number> {
    if (matched === undefined) throw refuse('totp_wrong');
    const { step, differenceSeconds, isAccepted } = matched;
    if (isAccepted) return step;
    if (differenceSeconds > 0) {
      // A guesser learns that this code will be valid later, so it must not be accepted then.
      await withErrorsRecorded(
        scopes,
        orm.update(totpSecret).set({ revealedStep: step }).where(eq(totpSecret.userId, userId)),
      );
    }
    throw refuse('totp_clock_differs', { differenceSeconds });
  }

  /**
   * In one statement, so that of concurrent requests with one code only one is accepted.
   * @param renewed the stored secret, and the same encrypted again
   */
  async function useStep(
    tx: OrmOrTransaction,
    userId: string,
    step: number,
    renewed?: { readonly from: string; readonly to: string },
  ): Promise<void> {
    const isUnused = and(
      eq(totpSecret.userId, userId),
      or(isNull(totpSecret.lastStep), lt(totpSecret.lastStep, step)),
      sql`${totpSecret.revealedStep} is distinct from ${step}`,
    );
    const used = await tx
      .update(totpSecret)
      .set({
        lastStep: step,
        // Another request may have set up another app meanwhile, or have encrypted this one again.
        ...(renewed && {
          secret: sql`case when ${totpSecret.secret} = ${renewed.from} then ${renewed.to} else ${totpSecret.secret} end`,
        }),
      })
      .where(isUnused)
      .returning({ userId: totpSecret.userId });
    if (used.length === 0) throw refuse('totp_replayed');
  }

  return {
    async isEnrolled(db: OrmOrTransaction, userId: string): Promise<boolean> {
      const rows = await db
        .select({ isEnrolled: user.twoFactorEnabled })
        .from(user)
        .where(eq(user.id, userId));
      return rows[0]?.isEnrolled === true;
    },

    /** Stores a new secret, which is of no effect before its first code. @returns it */
    async create(ctx: GenericEndpointContext, tx: OrmOrTransaction, userId: string) {
      const secret = createSecret();
      const newSecret = await symmetricEncrypt({ key: ctx.context.secretConfig, data: secret });
      const values = { newSecret, newSecretAt: sql`statement_timestamp()` };
      await tx
        .insert(totpSecret)
        .values({ userId, ...values })
        .onConflictDoUpdate({ target: totpSecret.userId, set: values });
      return secret;
    },

    /** A code of the confirmed secret. @throws APIError with the reason */
    async check(ctx: GenericEndpointContext, userId: string, code: string): Promise<UseProof> {
      const secret = (await find(userId))?.secret;
      if (!secret) throw refuse('totp_not_enrolled');
      const decrypted = await decrypt(ctx, secret);
      const step = await accept(userId, matchStep(decrypted, code, new Date()));
      const to = await reencrypt(ctx, secret, decrypted);
      return (tx) => useStep(tx, userId, step, to === undefined ? undefined : { from: secret, to });
    },

    /**
     * A code of the new secret, with which it takes the place of the old one.
     * @returns undefined if no new secret waits for its first code
     * @throws APIError with the reason
     */
    async checkNew(
      ctx: GenericEndpointContext,
      userId: string,
      code: string,
    ): Promise<UseProof | undefined> {
      const found = await find(userId);
      const { newSecret } = found ?? {};
      if (!newSecret || found?.isNew !== true) return undefined;
      const matched = matchStep(await decrypt(ctx, newSecret), code, new Date());
      // It may be a code of the old secret, which is still the one that counts.
      if (matched === undefined && found.secret !== null) return undefined;
      const step = await accept(userId, matched);
      return async (tx) => {
        const confirmed = await tx
          .update(totpSecret)
          .set({
            secret: newSecret,
            confirmedAt: sql`statement_timestamp()`,
            lastStep: step,
            revealedStep: null,
            newSecret: null,
            newSecretAt: null,
          })
          .where(and(eq(totpSecret.userId, userId), eq(totpSecret.newSecret, newSecret)))
          .returning({ userId: totpSecret.userId });
        if (confirmed.length === 0) throw refuse('totp_replayed');
        await tx.update(user).set({ twoFactorEnabled: true }).where(eq(user.id, userId));
      };
    },
  };
}
