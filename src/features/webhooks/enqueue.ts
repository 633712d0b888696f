/** Writes events for the receivers, in the transaction or the statement that stores them. */
import { sql, type SQL } from 'drizzle-orm';
import type { EventSender } from '../../event-sender.js';
import { insertDeliveries } from './deliveries.js';
import { eventTypes } from './event-types.js';
import type { Endpoint } from './feature.js';
import { payloadOf } from './payload.js';
import { webhookDelivery } from './tables.js';

/** @returns writes the deliveries, and resolves with their number */
export function createEnqueue(
  endpoints: readonly Endpoint[],
  now: () => Date,
): (...args: Parameters<EventSender['enqueue']>) => Promise<number> {
  return async function enqueue(db, events) {
    const deliveries = events.flatMap((event) => {
      const payload = payloadOf(event);
      const { id: eventId, userId = null } = event;
      return payload === undefined ? [] : [{ eventId, userId, payload }];
    });
    const count = deliveries.length * endpoints.length;
    if (count > 0) await insertDeliveries(db, deliveries, endpoints, now());
    return count;
  };
}

/**
 * The deliveries of deletions by the sweep, which records them in the statement that deletes.
 * @param events a relation with `id`, `at` and `user_id` of the events
 */
export function deliveriesOfDeletions(events: SQL, endpoints: readonly Endpoint[]): SQL {
  const hashes = endpoints.map(({ hash }) => sql`(${hash}::text)`);
  return sql`
    insert into ${webhookDelivery}
      (event_id, endpoint, user_id, payload, state, next_attempt_at, created_at)
    select deleted.id, endpoints.hash, deleted.user_id,
      jsonb_build_object(
        'type', ${eventTypes.account_deletion ?? null}::text,
        'timestamp', to_char(deleted.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'data', jsonb_build_object(
          'userId', deleted.user_id, 'requestId', null, 'actor', 'system', 'details', '{}'::jsonb
        )
      ),
      'pending', deleted.at, deleted.at
    from ${events} as deleted cross join (values ${sql.join(hashes, sql`, `)}) as endpoints (hash)`;
}
