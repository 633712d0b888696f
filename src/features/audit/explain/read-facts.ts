/** Reads what is known of an account: a bounded number of rows of each table. */
import { and, desc, eq, gte, inArray, isNull, or, type SQL } from 'drizzle-orm';
import type { OrmOrTransaction } from '../../../db/client.js';
import { account, mailedLink } from '../../../db/schema.js';
import { describeSecondFactors } from '../../second-factors.js';
import { mailOutbox } from '../../tables.js';
import { auditEvent } from '../tables.js';
import { readChanges } from './changes.js';
import {
  isSignIn,
  timeOf,
  type EventRow,
  type Facts,
  type LinkRow,
  type MailRow,
} from './facts.js';
import { findSubject, type FoundSubject } from './find-subject.js';
import { readActiveLimits } from './limits.js';
import { readLostChecks } from './lost-checks.js';
import { readAnonymousEvents } from './probable-events.js';
import { readEndings, readSessions } from './sessions.js';
import type { ExplainOptions, Subject } from './story.js';

const maxEvents = 500;
const maxSessions = 200;
const maxRows = 50;
const defaultDays = 90;

/** @throws what the driver throws */
export async function readFacts(
  db: OrmOrTransaction,
  subject: Subject,
  options: ExplainOptions,
): Promise<Facts> {
  const { now, keyRing, settings, limits, since = daysBefore(now, defaultDays) } = options;
  const found = await findSubject(db, subject, keyRing);
  const { user, userId } = found;
  const events = await readEvents(db, found, since);
  const fingerprints = [...new Set(events.flatMap(({ session }) => session ?? []))];
  const networks = [...new Set(events.filter(isSignIn).flatMap(({ network }) => network ?? []))];
  const address = 'email' in subject ? subject.email.toLowerCase() : user?.email;
  const logins =
    userId === undefined
      ? []
      : await db.select().from(account).where(eq(account.userId, userId)).limit(maxRows);
  return {
    user,
    userId,
    events,
    // The browser of a request without a user may be anybody's.
    probable: userId === undefined ? [] : await readAnonymousEvents(db, events, now),
    lostChecks: userId === undefined ? [] : await readLostChecks(db, now),
    hasPassword: logins.some(({ password }) => password !== null),
    providers: logins.map(({ providerId }) => providerId).filter((id) => id !== 'credential'),
    secondFactors: userId === undefined ? [] : await describeSecondFactors(db, userId),
    sessions: userId === undefined ? [] : await readSessions(db, userId, settings),
    endings: await readEndings(db, fingerprints),
    mails: await readMails(db, found, subject, since),
    links: userId === undefined ? [] : await readLinks(db, userId),
    limits:
      keyRing === undefined || address === undefined
        ? []
        : await readActiveLimits(
            (prefixes) => limits.find(db, prefixes),
            { userId, email: address, networks },
            keyRing,
            settings,
            now,
          ),
    changes: await readChanges(db, since),
  };
}

async function readEvents(
  db: OrmOrTransaction,
  { userId, accounts, condition }: FoundSubject,
  since: Date,
): Promise<EventRow[]> {
  const own = [
    userId === undefined ? undefined : eq(auditEvent.userId, userId),
    accounts.length === 0 ? undefined : inArray(auditEvent.account, [...accounts]),
    condition,
  ].filter((one) => one !== undefined);
  if (own.length === 0) return [];
  const events = await newestEvents(db, or(...own), since);
  const sessions = [...new Set(events.flatMap(({ session }) => session ?? []))];
  if (userId === undefined || sessions.length === 0) return events;
  // Refused checks of a session that has ended have no user.
  const ofSessions = and(
    inArray(auditEvent.session, sessions.slice(0, maxSessions)),
    isNull(auditEvent.userId),
  );
  const checks = await newestEvents(db, ofSessions, since);
  const byId = new Map([...events, ...checks].map((event) => [event.id, event]));
  return [...byId.values()].sort((a, b) => timeOf(b).getTime() - timeOf(a).getTime());
}

function newestEvents(
  db: OrmOrTransaction,
  condition: SQL | undefined,
  since: Date,
): Promise<EventRow[]> {
  return db
    .select()
    .from(auditEvent)
    .where(and(condition, gte(auditEvent.at, since)))
    .orderBy(desc(auditEvent.at))
    .limit(maxEvents);
}

async function readMails(
  db: OrmOrTransaction,
  { userId }: FoundSubject,
  subject: Subject,
  since: Date,
): Promise<MailRow[]> {
  const ofSubject = [
    userId === undefined ? undefined : eq(mailOutbox.userId, userId),
    'id' in subject ? eq(mailOutbox.id, subject.id) : undefined,
  ].filter((one) => one !== undefined);
  if (ofSubject.length === 0) return [];
  const rows = await db
    .select({
      id: mailOutbox.id,
      template: mailOutbox.template,
      userId: mailOutbox.userId,
      requestId: mailOutbox.requestId,
      state: mailOutbox.state,
      reason: mailOutbox.reason,
      attempts: mailOutbox.attempts,
      nextAttemptAt: mailOutbox.nextAttemptAt,
      createdAt: mailOutbox.createdAt,
      expiresAt: mailOutbox.expiresAt,
      sentAt: mailOutbox.sentAt,
    })
    .from(mailOutbox)
    .where(and(or(...ofSubject), gte(mailOutbox.createdAt, since)))
    .orderBy(desc(mailOutbox.createdAt))
    .limit(maxRows);
  // Decoys belong to no account.
  return rows.filter(({ state }) => state !== 'decoy');
}

function readLinks(db: OrmOrTransaction, userId: string): Promise<LinkRow[]> {
  return db
    .select({
      purpose: mailedLink.purpose,
      createdAt: mailedLink.createdAt,
      expiresAt: mailedLink.expiresAt,
      usedAt: mailedLink.usedAt,
      replacedAt: mailedLink.replacedAt,
    })
    .from(mailedLink)
    .where(eq(mailedLink.userId, userId))
    .orderBy(desc(mailedLink.createdAt))
    .limit(maxRows);
}

function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * 86_400_000);
}
