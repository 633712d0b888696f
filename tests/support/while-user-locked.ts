/** A request that has begun while another transaction changes the account. */
import { connectOnce } from '../../src/db/client.js';
import type { TestService } from './test-service.js';
import { until } from './until.js';
import type { Answer } from './visitor.js';

/**
 * Locks the user as another request would, changes the account, sends the request, and commits when it waits for the lock
 * or was answered without.
 * @param change a statement; `$1` is the user's id
 */
export async function whileUserLocked(
  { database }: Pick<TestService, 'database'>,
  { email }: { readonly email: string },
  change: string,
  request: () => Promise<Answer>,
): Promise<Answer> {
  const client = await connectOnce(database.url);
  try {
    await client.query('begin');
    const { rows } = await client.query<{ id: string }>(
      'select id from "user" where email = $1 for update',
      [email],
    );
    await client.query(change, [rows[0]?.id]);
    let isAnswered = false;
    const answer = request().finally(() => (isAnswered = true));
    await until(async () => {
      const waiting = await database.query(
        `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = $1`,
        [database.name],
      );
      return isAnswered || waiting.length > 0;
    });
    await client.query('commit');
    return await answer;
  } finally {
    await client.end();
  }
}
