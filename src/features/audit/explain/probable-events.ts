/**
 * Events without a user that are probably this user's: of the browser and network from which the user signed in. A request
 * that lost its cookie, or that was refused before anybody looked at the account, names no user.
 */
import { and, desc, eq, gte, isNull, or, sql } from 'drizzle-orm';
import type { OrmOrTransaction } from '../../../db/client.js';
import { auditEvent } from '../tables.js';
import type { EventRow } from './facts.js';

/** Older ones would only be noise: browsers and networks are shared. */
const windowMs = 24 * 3_600_000;

const maxEvents = 200;
const maxBrowsers = 5;

/** Whether it shows where the user was: neither an operator, nor whoever opened a link that the user was sent. */
export function isSeenUser({
  actor,
  kind,
  device,
  network,
}: Pick<EventRow, 'actor' | 'kind' | 'device' | 'network'>): boolean {
  return actor === 'user' && kind !== 'link_open' && device !== null && network !== null;
}

/** The caller of a session check, as observe-requests.ts records it. */
export function callerOf({ details }: Pick<EventRow, 'details'>): unknown {
  return details?.caller;
}

/** @returns the newest first; also checks without a cookie by servers, which have no browser @throws what the driver throws */
export async function readAnonymousEvents(
  db: OrmOrTransaction,
  events: readonly EventRow[],
  now: Date,
): Promise<EventRow[]> {
  const browsers = new Map(
    events.filter(isSeenUser).map((event) => [`${event.device}|${event.network}`, event]),
  );
  if (browsers.size === 0) return [];
  const isOfBrowser = [...browsers.values()]
    .slice(0, maxBrowsers)
    .map(({ device, network }) =>
      and(eq(auditEvent.device, device ?? ''), eq(auditEvent.network, network ?? '')),
    );
  const isOfServer = and(
    eq(auditEvent.kind, 'session_check'),
    eq(auditEvent.reason, 'no_credential'),
    sql`${auditEvent.details} ->> 'caller' = 'server'`,
  );
  // The start of the hour, which is the time of events with a count.
  const since = new Date(Math.floor((now.getTime() - windowMs) / 3_600_000) * 3_600_000);
  return db
    .select()
    .from(auditEvent)
    .where(
      and(
        isNull(auditEvent.userId),
        isNull(auditEvent.account),
        isNull(auditEvent.session),
        gte(auditEvent.at, since),
        sql`${auditEvent.outcome} in ('refused', 'failed')`,
        or(...isOfBrowser, isOfServer),
      ),
    )
    .orderBy(desc(sql`coalesce(${auditEvent.lastAt}, ${auditEvent.at})`))
    .limit(maxEvents);
}
