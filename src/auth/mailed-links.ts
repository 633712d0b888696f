/**
 * One-time links that are mailed. Only a hash of the token is stored; a link is valid for ten minutes, once, and only the
 * newest of its purpose, unless the purpose has other rules. Ended links stay for a day, so that a refusal names its
 * reason.
 */
import { APIError } from 'better-auth/api';
import { and, desc, eq, getTableColumns, gt, isNotNull, isNull, ne, or, sql } from 'drizzle-orm';
import { pageFor } from '../config/site-pages.js';
import type { OrmOrTransaction } from '../db/client.js';
import { mailedLink } from '../db/schema.js';
import { errorTable, type ErrorCode } from '../errors.js';
import { networkOf } from '../log/mask-address.js';
import type { Mail } from '../mailer.js';
import type { AuthDependencies } from './auth-dependencies.js';
import { clientIpHeader } from './auth-constants.js';
import {
  hashAddress,
  isExpired,
  isForAddressOf,
  linkTimes,
  lockOwner,
  markUsed,
  undoPurpose,
  type LinkOwner,
} from './link-rows.js';
import { hashToken, createToken, isForAddressOnly, linkTo } from './link-token.js';

export const linkLifetimeMinutes = 10; // ASVS 6.5.5

/** Why a link is refused, and the error code of the response. */
const linkRefusals = {
  used: 'LINK_USED',
  expired: 'LINK_EXPIRED',
  replaced: 'LINK_REPLACED',
  unknown: 'LINK_UNKNOWN',
} as const satisfies Record<string, ErrorCode>;

const statusNames = { 400: 'BAD_REQUEST', 403: 'FORBIDDEN', 409: 'CONFLICT' } as const;

type LinkRefusal = keyof typeof linkRefusals;
export type MailedLinks = ReturnType<typeof createMailedLinks>;
export type MailedLink = Pick<
  typeof mailedLink.$inferSelect,
  'id' | 'userId' | 'browser' | 'email' | 'emailProven' | 'addressHash' | 'createdAt'
>;

export interface LinkRules {
  readonly lifetimeMinutes?: number;
  /**
   * Which of the user's earlier links of its purpose a link ends. `same-browser` is for links that are bound to a browser:
   * otherwise anybody could end the links of others by asking for more.
   */
  readonly replaces?: 'all' | 'same-browser' | 'none';
}

export interface NewLink {
  /** An id of no user for an address without an account: the same statement runs. */
  readonly userId: string;
  /** SHA-256 of a secret of the browser in which the flow began. */
  readonly browser?: string | undefined;
  /** Binds the link to the same browser as the user's link before. */
  readonly inheritBrowser?: boolean;
  /** The address that the link gives to the account. */
  readonly email?: string | undefined;
  /** Whether the account has proven that address before, if the link puts one back. */
  readonly emailProven?: boolean;
  /** The account's address, with which the link ends; undefined for a link that outlasts a change of it. */
  readonly accountEmail?: string | undefined;
}

/** What a mail needs of the request that causes it. */
type MailOrigin = Pick<Mail, 'language' | 'requestId' | 'network' | 'expiresAt'>;

type LinkMail = MailOrigin & Pick<Mail, 'data' | 'whenLimited'>;

/** @param purpose as in the URL, such as `reset_password` */
export function createMailedLinks(
  purpose: string,
  counterName: string,
  { config, orm, logger, scopes, count }: AuthDependencies,
  { lifetimeMinutes = linkLifetimeMinutes, replaces = 'all' }: LinkRules = {},
) {
  const lifetimeMs = lifetimeMinutes * 60_000;
  const isOf = (userId: string) =>
    and(eq(mailedLink.userId, userId), eq(mailedLink.purpose, purpose));

  /** Counts and logs the refusal. @param fields of the response besides code and message. @returns the error to throw */
  function refuse(
    reason: string,
    code: string,
    message: string,
    status: keyof typeof statusNames,
    fields: Readonly<Record<string, number>> = {},
  ): APIError {
    const { requestId, userId } = scopes.getStore() ?? {};
    count?.(counterName, reason);
    logger.info({ requestId, userId, link: purpose, reason, code }, 'mailed link refused');
    return new APIError(statusNames[status], { code, message, ...fields });
  }

  function refuseAs(reason: LinkRefusal): APIError {
    const code = linkRefusals[reason];
    return refuse(reason, code, errorTable[code].message, 400);
  }

  async function read(db: OrmOrTransaction, id: string): Promise<MailedLink | LinkRefusal> {
    const ofThis = and(eq(mailedLink.id, id), eq(mailedLink.purpose, purpose));
    const [link] = await db
      .select({ ...getTableColumns(mailedLink), isExpired })
      .from(mailedLink)
      .where(ofThis);
    if (link === undefined) return 'unknown';
    if (link.usedAt !== null) return 'used';
    if (link.replacedAt !== null) return 'replaced';
    if (replaces !== 'none' && (await hasNewer(db, link))) return 'replaced';
    return link.isExpired ? 'expired' : link;
  }

  async function hasNewer(db: OrmOrTransaction, link: MailedLink): Promise<boolean> {
    const newer = and(
      isOf(link.userId),
      gt(mailedLink.createdAt, link.createdAt),
      replaces === 'same-browser' && link.browser !== null
        ? eq(mailedLink.browser, link.browser)
        : undefined,
    );
    const [replacement] = await db
      .select({ id: mailedLink.id })
      .from(mailedLink)
      .where(newer)
      .limit(1);
    return replacement !== undefined;
  }

  /** What a mail takes from the request that causes it. */
  function mailOrigin(headers: Headers | undefined): MailOrigin {
    return {
      language: headers?.get('accept-language') ?? undefined,
      requestId: scopes.getStore()?.requestId,
      network: networkOf(headers?.get(clientIpHeader) ?? ''),
      expiresAt: new Date(Date.now() + lifetimeMs),
    };
  }

  return {
    refuse,

    /** For a link whose account was deleted meanwhile. */
    refuseWithoutAccount: () =>
      refuse('unknown', 'LINK_UNKNOWN', 'This link belongs to no account any more.', 400),

    /** Writes a link. @returns its token */
    async create(
      db: OrmOrTransaction,
      { userId, browser, inheritBrowser = false, email, emailProven, accountEmail }: NewLink,
    ): Promise<string> {
      const token = createToken();
      const bound = and(isOf(userId), isNotNull(mailedLink.browser));
      const previous = db
        .select({ browser: mailedLink.browser })
        .from(mailedLink)
        .where(bound)
        .orderBy(desc(mailedLink.createdAt))
        .limit(1);
      await db.insert(mailedLink).values({
        id: hashToken(token),
        purpose,
        userId,
        browser: inheritBrowser ? sql`(${previous})` : browser,
        email,
        emailProven,
        addressHash: accountEmail === undefined ? null : hashAddress(accountEmail),
        ...linkTimes(lifetimeMinutes),
      });
      return token;
    },

    /** The mail with the link, as it is written to the outbox. */
    mail(token: string, headers: Headers | undefined): LinkMail {
      return {
        ...mailOrigin(headers),
        data: {
          link: linkTo(pageFor(config, headers?.get('origin')), config.baseUrl, purpose, token),
          minutes: String(lifetimeMinutes),
        },
        async whenLimited(db) {
          await db.delete(mailedLink).where(eq(mailedLink.id, hashToken(token)));
        },
      };
    },

    /** @throws APIError with the reason if the link is not valid */
    async find(token: string): Promise<MailedLink> {
      const found = await read(orm, hashToken(token));
      if (typeof found === 'string') throw refuseAs(found);
      const scope = scopes.getStore();
      if (scope !== undefined && !isForAddressOnly(found)) scope.userId = found.userId;
      return found;
    },

    /**
     * Uses up the link: of concurrent calls one returns. Call it first in the transaction, because it locks the account.
     * @returns the account; undefined if it was deleted, or the link was mailed to an address without one
     * @throws APIError with the reason if the link is not valid any more
     */
    async redeem(tx: OrmOrTransaction, { id, userId }: MailedLink): Promise<LinkOwner | undefined> {
      const owner = await lockOwner(tx, userId);
      // Again, because hashing a password takes a while after `find`.
      const found = await read(tx, id);
      if (typeof found === 'string') throw refuseAs(found);
      if (!isForAddressOf(found, owner)) throw refuseAs('replaced');
      if (!(await markUsed(tx, id))) throw refuseAs('used');
      return owner;
    },

    mailOrigin,
  };
}

/**
 * Ends the user's links of all purposes, except those that undo a change.
 * @param undoing a link whose redemption also ends the links that undo later changes; earlier ones stay valid, so that
 *   the first owner's link outlasts a chain of changes by somebody else
 */
export async function endLinks(
  db: OrmOrTransaction,
  userId: string,
  undoing?: Pick<MailedLink, 'createdAt'>,
): Promise<void> {
  const isOther = ne(mailedLink.purpose, undoPurpose);
  const open = and(
    eq(mailedLink.userId, userId),
    isNull(mailedLink.usedAt),
    isNull(mailedLink.replacedAt),
    undoing === undefined ? isOther : or(isOther, gt(mailedLink.createdAt, undoing.createdAt)),
  );
  await db.update(mailedLink).set({ replacedAt: new Date() }).where(open);
}
