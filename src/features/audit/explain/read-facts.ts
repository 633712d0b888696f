/** Reads what is known of an account: a bounded number of rows of each table. */
import { and, desc, eq, gte, or } from 'drizzle-orm';
import type { OrmOrTransaction } from '../../../db/client.js';
import { account, mailedLink } from '../../../db/schema.js';
import { describeSecondFactors } from '../../second-factors.js';
import { mailOutbox } from '../../tables.js';
import { readChanges } from './changes.js';
import { isSignIn, type Facts, type LinkRow, type MailRow } from './facts.js';
import { findSubject, type FoundSubject } from './find-subject.js';
import { readActiveLimits } from './limits.js';
import { readLostChecks } from './lost-checks.js';
import { readAnonymousEvents } from './probable-events.js';
import { readEvents } from './read-events.js';
import { readEndings, readSessions } from './sessions.js';
import type { ExplainOptions, Subject } from './story.js';

const maxRows = 50;

/** With the defaults filled in. */
export interface ReadOptions extends ExplainOptions {
  readonly since: Date;
  readonly limit: number;
}

/** @throws what the driver throws */
export async function readFacts(
  db: OrmOrTransaction,
  subject: Subject,
  options: ReadOptions,
): Promise<Facts> {
  const { now, keyRing, settings, limits, since, limit } = options;
  const found = await findSubject(db, subject, keyRing);
  const { user, userId } = found;
  const { events, unread } = await readEvents(db, found, since, limit);
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
    unread,
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
