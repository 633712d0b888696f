/**
 * Codes of six digits, stored with the mailed links, so that whatever ends a user's links ends the codes too. Six digits
 * are guessable, so what is stored is an HMAC with a key derived from the secret: a copy of the table reveals no code.
 */
import { createHmac, hkdfSync, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import type { APIError } from 'better-auth/api';
import { and, desc, eq, getTableColumns, inArray } from 'drizzle-orm';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import {
  hashAddress,
  isExpired,
  isForAddressOf,
  linkTimes,
  lockOwner,
  markUsed,
} from '../../../auth/link-rows.js';
import { linkLifetimeMinutes, type MailedLinks } from '../../../auth/mailed-links.js';
import type { KeyRing } from '../../../config/secrets.js';
import type { OrmOrTransaction } from '../../../db/client.js';
import { mailedLink } from '../../../db/schema.js';
import { errors } from '../reasons.js';
import type { Tries } from './tries.js';

export const purpose = 'email_code';

/** Codes of one browser that are compared with what was entered; more only make CODE_REPLACED precise. */
const comparedCodes = 5;

const refusals = {
  used: 'CODE_USED',
  expired: 'CODE_EXPIRED',
  replaced: 'CODE_REPLACED',
  unknown: 'CODE_UNKNOWN',
  wrong_browser: 'CODE_WRONG_BROWSER',
  wrong: 'CODE_WRONG',
  tries_exceeded: 'CODE_TRIES_EXCEEDED',
} as const satisfies Record<string, keyof typeof errors>;

type Refusal = keyof typeof refusals;
type Row = typeof mailedLink.$inferSelect & { readonly isExpired: boolean };

const row = { ...getTableColumns(mailedLink), isExpired };

interface NewCode {
  readonly userId: string;
  readonly browser: string | undefined;
  /** The code ends when the account gets another address. */
  readonly accountEmail: string;
}

export interface EnteredCode {
  readonly email: string;
  readonly code: string;
  /** Ids of the account and of the address: it may have got its account meanwhile. */
  readonly userIds: readonly string[];
  /** What codes that this browser asked for are bound to. */
  readonly browsers: readonly string[];
}

export function createCodes(
  links: Pick<MailedLinks, 'refuse'>,
  tries: Tries,
  { config, orm }: Pick<AuthDependencies, 'config' | 'orm'>,
) {
  const keys = codeKeys(config.keyRing);

  function refuse(reason: Refusal, fields?: Readonly<Record<string, number>>): APIError {
    const code = refusals[reason];
    const { message, status } = errors[code];
    return links.refuse(reason, code, message, status, fields);
  }

  return {
    refuse,

    /** Writes a code that replaces the earlier ones of this browser. */
    async create(
      db: OrmOrTransaction,
      { userId, browser, accountEmail }: NewCode,
    ): Promise<{ readonly id: string; readonly code: string }> {
      const code = String(randomInt(1_000_000)).padStart(6, '0');
      const salt = randomBytes(16).toString('base64url');
      const id = `${salt}.${hashCode(keys[0], salt, code).toString('base64url')}`;
      const addressHash = hashAddress(accountEmail);
      const times = linkTimes(linkLifetimeMinutes);
      await db.insert(mailedLink).values({ id, purpose, userId, browser, addressHash, ...times });
      return { id, code };
    },

    /**
     * Compares what was entered with the newest code of this browser. A wrong code takes one of its tries.
     * @throws APIError with the reason unless it is that code and still valid
     */
    async find({ email, code, userIds, browsers }: EnteredCode): Promise<Row> {
      const isOf = and(eq(mailedLink.purpose, purpose), inArray(mailedLink.userId, [...userIds]));
      const [current, ...older] = await orm
        .select(row)
        .from(mailedLink)
        .where(and(isOf, inArray(mailedLink.browser, [...browsers])))
        .orderBy(desc(mailedLink.createdAt))
        .limit(comparedCodes);
      // The same whether or not another browser has asked: a stranger could otherwise see who is about to sign in.
      if (current === undefined) throw refuse('wrong_browser');
      const ended = whyEnded(current);
      if (ended !== undefined) throw refuse(ended);
      // Counted before it is compared: of concurrent guesses only as many are compared as there are tries.
      const tried = await tries.take(email, current.browser ?? '');
      if (!tried.isAllowed) throw refuse('tries_exceeded');
      if (isCode(keys, current, code)) {
        await tries.giveBack(email, current.browser ?? '');
        return current;
      }
      if (older.some((row) => isCode(keys, row, code))) {
        await tries.giveBack(email, current.browser ?? '');
        throw refuse('replaced');
      }
      throw refuse('wrong', { triesLeft: tried.left });
    },

    /** Uses up the code: of concurrent calls one returns. @throws APIError with the reason if it is not valid any more */
    async redeem(tx: OrmOrTransaction, { id, userId }: Row): Promise<void> {
      const owner = await lockOwner(tx, userId);
      const [found] = await tx.select(row).from(mailedLink).where(eq(mailedLink.id, id));
      if (found === undefined) throw refuse('unknown');
      const ended = whyEnded(found);
      if (ended !== undefined) throw refuse(ended);
      if (!isForAddressOf(found, owner)) throw refuse('replaced');
      if (!(await markUsed(tx, id))) throw refuse('used');
    },
  };
}

function whyEnded(found: Row): Refusal | undefined {
  const { usedAt, replacedAt } = found;
  if (usedAt !== null) return 'used';
  if (replacedAt !== null) return 'replaced';
  return found.isExpired ? 'expired' : undefined;
}

/** The current secret's key first; the others verify codes from before a rotation. */
function codeKeys({ current, previous }: KeyRing): [Buffer, ...Buffer[]] {
  return [current, ...previous].map(({ value }) =>
    Buffer.from(hkdfSync('sha256', value, '', 'auth-service e-mail code', 32)),
  ) as [Buffer, ...Buffer[]];
}

function hashCode(key: Buffer, salt: string, code: string): Buffer {
  return createHmac('sha256', key).update(`${salt}.${code}`).digest();
}

function isCode(keys: readonly Buffer[], { id }: Row, code: string): boolean {
  const [salt = '', stored = ''] = id.split('.');
  const hash = Buffer.from(stored, 'base64url');
  return keys.some((key) => {
    const candidate = hashCode(key, salt, code);
    return candidate.length === hash.length && timingSafeEqual(candidate, hash);
  });
}
