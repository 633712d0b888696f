/**
 * Browsers that may skip the second factor for a month. What makes a device trusted is a row of `verification`, which ends
 * with everything that ends access to the account (end-access.ts), and its key is the current secret: a new one ends all.
 */
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import type { GenericEndpointContext } from 'better-auth';
import { parseCookies } from 'better-auth/cookies';
import { and, desc, eq, gt, inArray, like, sql } from 'drizzle-orm';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { isToken } from '../../../auth/link-token.js';
import { cookiePrefix } from '../../../config/cookie-policy.js';
import type { OrmOrTransaction } from '../../../db/client.js';
import { currentTransaction } from '../../../db/current-transaction.js';
import { verification } from '../../../db/schema.js';
import { deviceKind as kind } from '../remove-factors.js';
import { trustedDevice } from '../tables.js';

const lifetimeDays = 30;

/** Browsers are shared by few people; the oldest entry is dropped. */
const maximumTokens = 5;

/** Without the prefix. */
const deviceCookie = 'trusted_device';

export interface ShownDevice {
  readonly id: string;
  readonly browser: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
  /** Whether it is the browser that asks. */
  readonly current: boolean;
}

export function createTrustedDevices({ config, orm }: AuthDependencies) {
  const { cookies, keyRing } = config;
  const cookieName = `${cookies.secure ? '__Secure-' : ''}${cookiePrefix}.${deviceCookie}`;

  /** One for each account of the browser that trusts it, the newest first. */
  function presentedTokens({ headers }: Pick<GenericEndpointContext, 'headers'>): string[] {
    const value = parseCookies(headers?.get('cookie') ?? '').get(cookieName) ?? '';
    return value.split('.').filter(isToken).slice(0, maximumTokens);
  }

  function identifierOf(token: string, userId: string): string {
    const text = JSON.stringify([kind, token, userId]);
    const hash = createHmac('sha256', keyRing.current.value).update(text).digest('base64url');
    return `${kind}|${hash}`;
  }

  const isOf = (userId: string) =>
    and(
      eq(verification.value, userId),
      like(verification.identifier, `${kind}|%`),
      gt(verification.expiresAt, sql`statement_timestamp()`),
    );

  return {
    /** Also notes that it was used. @throws the driver's error */
    async isTrusted(ctx: GenericEndpointContext, userId: string): Promise<boolean> {
      const identifiers = presentedTokens(ctx).map((token) => identifierOf(token, userId));
      if (identifiers.length === 0) return false;
      const isOwn = and(isOf(userId), inArray(verification.identifier, identifiers));
      // In the transaction of the sign-in, which may have ended the trust, and holds a connection already.
      const used = await currentTransaction(orm)
        .update(trustedDevice)
        .set({ lastUsedAt: sql`statement_timestamp()` })
        .from(verification)
        .where(and(eq(trustedDevice.id, verification.id), isOwn))
        .returning({ id: trustedDevice.id });
      return used.length > 0;
    },

    /** @param browser its name, for the list */
    async trust(
      ctx: GenericEndpointContext,
      tx: OrmOrTransaction,
      userId: string,
      browser: string,
    ): Promise<void> {
      // Always a new one: a page of a sibling domain could have planted the cookie that is there.
      const token = randomBytes(32).toString('base64url');
      const presented = presentedTokens(ctx);
      const older = presented.map((known) => identifierOf(known, userId));
      const identifier = identifierOf(token, userId);
      const id = randomUUID();
      if (older.length > 0)
        await tx.delete(verification).where(inArray(verification.identifier, older));
      await tx.insert(verification).values({
        id,
        identifier,
        value: userId,
        expiresAt: sql`statement_timestamp() + make_interval(days => ${lifetimeDays}::int)`,
      });
      await tx.insert(trustedDevice).values({ id, browser });
      const maxAge = lifetimeDays * 86_400;
      const { attributes } = ctx.context.createAuthCookie(deviceCookie, { maxAge });
      const value = [token, ...presented].slice(0, maximumTokens).join('.');
      ctx.setCookie(cookieName, value, attributes);
    },

    async list(ctx: GenericEndpointContext, userId: string): Promise<ShownDevice[]> {
      const current = presentedTokens(ctx).map((token) => identifierOf(token, userId));
      const rows = await orm
        .select({ device: trustedDevice, row: verification })
        .from(trustedDevice)
        .innerJoin(verification, eq(verification.id, trustedDevice.id))
        .where(isOf(userId))
        .orderBy(desc(trustedDevice.lastUsedAt));
      return rows.map(({ device, row }) => ({
        id: device.id,
        browser: device.browser,
        createdAt: row.createdAt,
        lastUsedAt: device.lastUsedAt,
        expiresAt: row.expiresAt,
        current: current.includes(row.identifier),
      }));
    },

    /** @param id of one device; all of the user without it. @returns how many were revoked */
    async revoke(db: OrmOrTransaction, userId: string, id?: string): Promise<number> {
      const which = id === undefined ? isOf(userId) : and(isOf(userId), eq(verification.id, id));
      const revoked = await db.delete(verification).where(which).returning({ id: verification.id });
      return revoked.length;
    },
  };
}
