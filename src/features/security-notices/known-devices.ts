/** Remembers from which devices a user signs in. */
import { sql } from 'drizzle-orm';
import type { OrmOrTransaction } from '../../db/client.js';

export interface Device {
  readonly browser: string;
  readonly network: string;
}

/**
 * Records the device, in one statement; nothing of a user who has been deleted meanwhile.
 *
 * A device is new if the user has signed in neither with this browser nor from this network. Either would be too much:
 * browsers are named without versions, so each phone abroad would be a new network and each second browser at home a new
 * one, and notices that come with every journey are not read. A thief elsewhere with another browser differs in both.
 * @returns whether the user has signed in before, but neither with this browser nor from this network
 */
export async function recordDevice(
  db: OrmOrTransaction,
  userId: string,
  { browser, network }: Device,
): Promise<boolean> {
  const { rows } = await db.execute<{ isNew: boolean | null }>(sql`
    with earlier as (
      select bool_or(browser = ${browser} or network = ${network}) as "isKnown"
      from known_device where user_id = ${userId}
    ),
    seen as (
      insert into known_device (user_id, browser, network, seen_at)
      select id, ${browser}, ${network}, now() from "user" where id = ${userId}
      on conflict (user_id, browser, network) do update set seen_at = excluded.seen_at
    )
    select not "isKnown" as "isNew" from earlier`);
  return rows[0]?.isNew === true; // null for the first device
}
