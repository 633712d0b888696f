/** Reads the newest events of a user, and counts the older ones that are left out. */
import { and, desc, eq, gte, inArray, isNull, or, sql, type SQL } from 'drizzle-orm';
import type { OrmOrTransaction } from '../../../db/client.js';
import { auditEvent } from '../tables.js';
import { timeOf, type EventRow, type UnreadEvents } from './facts.js';
import type { FoundSubject } from './find-subject.js';

/** A diagnosis needs them, also for a shorter story. */
const minEvents = 500;
const maxSessions = 200;
/** More are not counted. */
const maxCounted = 10_000;

interface ReadEvents {
  /** The newest first. */
  readonly events: EventRow[];
  readonly unread: UnreadEvents;
}

/** @param limit lines of the story. @throws what the driver throws */
export async function readEvents(
  db: OrmOrTransaction,
  { userId, accounts, condition }: FoundSubject,
  since: Date,
  limit: number,
): Promise<ReadEvents> {
  const own = [
    userId === undefined ? undefined : eq(auditEvent.userId, userId),
    accounts.length === 0 ? undefined : inArray(auditEvent.account, [...accounts]),
    condition,
  ].filter((one) => one !== undefined);
  if (own.length === 0) return { events: [], unread: nothing };
  const maxEvents = Math.max(minEvents, limit);
  const events = await newestEvents(db, or(...own), since, maxEvents);
  const sessions = [...new Set(events.flatMap(({ session }) => session ?? []))];
  if (userId === undefined || sessions.length === 0) {
    return { events, unread: await countUnread(db, or(...own), events) };
  }
  // Refused checks of a session that has ended have no user.
  const ofSessions = and(
    inArray(auditEvent.session, sessions.slice(0, maxSessions)),
    isNull(auditEvent.userId),
  );
  const checks = await newestEvents(db, ofSessions, since, maxEvents);
  const byId = new Map([...events, ...checks].map((event) => [event.id, event]));
  const all = [...byId.values()].sort((a, b) => timeOf(b).getTime() - timeOf(a).getTime());
  return { events: all, unread: await countUnread(db, or(...own, ofSessions), all) };
}

function newestEvents(
  db: OrmOrTransaction,
  condition: SQL | undefined,
  since: Date,
  limit: number,
): Promise<EventRow[]> {
  return db
    .select()
    .from(auditEvent)
    .where(and(condition, gte(auditEvent.at, since)))
    .orderBy(desc(auditEvent.at))
    .limit(limit);
}

const nothing: UnreadEvents = { count: 0, isAtLeast: false, oldestAt: undefined };

/** Of all that match, those that are too old or too many. */
async function countUnread(
  db: OrmOrTransaction,
  condition: SQL | undefined,
  read: readonly EventRow[],
): Promise<UnreadEvents> {
  const counted = db
    .select({ at: auditEvent.at })
    .from(auditEvent)
    .where(condition)
    .orderBy(desc(auditEvent.at))
    .limit(read.length + maxCounted)
    .as('counted');
  const [row] = await db
    .select({
      count: sql<number>`count(*)::int`,
      oldestAt: sql`min(${counted.at})`.mapWith(auditEvent.at),
    })
    .from(counted);
  const count = (row?.count ?? 0) - read.length;
  // Without an event the driver gives null.
  return { count, isAtLeast: count >= maxCounted, oldestAt: row?.oldestAt ?? undefined };
}
