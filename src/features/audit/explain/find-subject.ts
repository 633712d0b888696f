/** Finds whose story is asked for. */
import { and, desc, eq, inArray, isNotNull, or, sql, type SQL } from 'drizzle-orm';
import { accountFingerprint, signInKeys } from '../../../auth/sign-in-keys.js';
import type { KeyRing } from '../../../config/secrets.js';
import type { OrmOrTransaction } from '../../../db/client.js';
import { session, user } from '../../../db/schema.js';
import { mailOutbox } from '../../tables.js';
import { auditEvent } from '../tables.js';
import type { Subject } from './story.js';

type UserRow = typeof user.$inferSelect;

export interface FoundSubject {
  /** Undefined if there is no such account (any more). */
  readonly user: UserRow | undefined;
  /** Also of an account that was deleted. */
  readonly userId: string | undefined;
  /** Keyed fingerprints of the address, one per secret. */
  readonly accounts: readonly string[];
  /** What selects the events, where no user is known. */
  readonly condition: SQL | undefined;
}

/** @throws what the driver throws */
export async function findSubject(
  db: OrmOrTransaction,
  subject: Subject,
  keyRing: KeyRing | undefined,
): Promise<FoundSubject> {
  if ('email' in subject) return findByEmail(db, subject.email.toLowerCase(), keyRing);
  if ('session' in subject) return findBySession(db, subject.session.toLowerCase(), keyRing);
  return findById(db, subject.id, keyRing);
}

async function findByEmail(
  db: OrmOrTransaction,
  email: string,
  keyRing: KeyRing | undefined,
): Promise<FoundSubject> {
  const accounts = accountFingerprints(keyRing, email);
  const [found] = await db.select().from(user).where(eq(user.email, email));
  const condition = accounts.length === 0 ? undefined : inArray(auditEvent.account, [...accounts]);
  // The trail of a deleted account has its id in events with the fingerprint of the address.
  const userId = found?.id ?? (condition && (await userOfEvents(db, condition)));
  return { user: found, userId, accounts, condition };
}

async function findBySession(
  db: OrmOrTransaction,
  fingerprint: string,
  keyRing: KeyRing | undefined,
): Promise<FoundSubject> {
  const condition = eq(auditEvent.session, fingerprint);
  const known = await userOfEvents(db, condition);
  const userId = known ?? (await userOfSession(db, fingerprint));
  return withUser(db, userId, condition, keyRing);
}

async function findById(
  db: OrmOrTransaction,
  id: string,
  keyRing: KeyRing | undefined,
): Promise<FoundSubject> {
  const condition = or(
    eq(auditEvent.requestId, id),
    sql`${auditEvent.details} ->> 'mailId' = ${id} and ${auditEvent.kind} = 'mail'`,
  );
  const [own] = await db.select({ id: user.id }).from(user).where(eq(user.id, id));
  const [mail] = await db
    .select({ userId: mailOutbox.userId })
    .from(mailOutbox)
    .where(or(eq(mailOutbox.id, id), eq(mailOutbox.requestId, id)))
    .limit(1);
  const userId =
    own?.id ??
    (condition && (await userOfEvents(db, condition))) ??
    mail?.userId ??
    (await userOfEvents(db, eq(auditEvent.userId, id)));
  return withUser(db, userId, condition, keyRing);
}

async function withUser(
  db: OrmOrTransaction,
  userId: string | undefined,
  condition: SQL | undefined,
  keyRing: KeyRing | undefined,
): Promise<FoundSubject> {
  if (userId === undefined) return { user: undefined, userId, accounts: [], condition };
  const [found] = await db.select().from(user).where(eq(user.id, userId));
  const accounts = found === undefined ? [] : accountFingerprints(keyRing, found.email);
  return { user: found, userId, accounts, condition };
}

async function userOfEvents(db: OrmOrTransaction, condition: SQL): Promise<string | undefined> {
  const [event] = await db
    .select({ userId: auditEvent.userId })
    .from(auditEvent)
    .where(and(condition, isNotNull(auditEvent.userId)))
    .orderBy(desc(auditEvent.at))
    .limit(1);
  return event?.userId ?? undefined;
}

/** Reads the whole table, which has no fingerprints: only for sessions without an event, from before AUDIT was on. */
async function userOfSession(db: OrmOrTransaction, fingerprint: string) {
  const own = sql`left(encode(sha256(convert_to(${session.token}, 'UTF8')), 'hex'), 8)`;
  const [row] = await db
    .select({ userId: session.userId })
    .from(session)
    .where(eq(own, fingerprint))
    .limit(1);
  return row?.userId;
}

function accountFingerprints(keyRing: KeyRing | undefined, email: string): string[] {
  if (keyRing === undefined) return [];
  return [keyRing.current, ...keyRing.previous].map((current) =>
    accountFingerprint(signInKeys({ ...keyRing, current, previous: [] }, email, { address: '' })),
  );
}
