/** What a story leaves out because it is too old or too long, and the options that show it. */
import type { UnreadEvents } from './facts.js';
import type { OlderEvents } from './story.js';

/** The most that the options of `npm run explain` take. */
export const maxLines = 10_000;
export const maxDays = 3_650;

const dayMs = 86_400_000;

/** How far back a story goes by default. */
export const defaultMs = 90 * dayMs;

interface Shown {
  readonly now: Date;
  /** Nothing older was read. */
  readonly since: Date;
  /** Of the story. */
  readonly limit: number;
  /** That could be shown without the limit. */
  readonly lines: number;
}

/** @returns null if the story has everything */
export function olderEvents(
  { count: unread, isAtLeast, oldestAt }: UnreadEvents,
  { now, since, limit, lines }: Shown,
): OlderEvents | null {
  const count = unread + Math.max(0, lines - limit);
  if (count <= 0) return null;
  const needed = lines + unread;
  const oldest = oldestAt ?? now;
  const age = now.getTime() - oldest.getTime();
  const isDefaultEnough = oldest >= since && age <= defaultMs;
  return {
    count,
    isAtLeast,
    limit: needed > limit && limit < maxLines ? Math.min(needed, maxLines) : null,
    days: isDefaultEnough ? null : Math.min(Math.ceil(age / dayMs), maxDays),
  };
}

/** One line, such as `12 older events are not shown: --limit 212`. */
export function describeOlder({ count, isAtLeast, limit, days }: OlderEvents): string {
  const verb = count === 1 && !isAtLeast ? 'event is' : 'events are';
  const options = [
    days === null ? '' : `--days ${days}`,
    limit === null ? '' : `--limit ${limit}`,
  ].filter((option) => option !== '');
  const how = options.length === 0 ? 'see the table audit_event' : options.join(' ');
  return `${count}${isAtLeast ? ' or more' : ''} older ${verb} not shown: ${how}`;
}
