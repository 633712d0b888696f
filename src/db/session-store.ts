/**
 * The single query of a session check: finds a session by its token, with its user, in one round trip. Concurrent
 * checks are batched. Uses a prepared statement unless a pooler does not keep them.
 *
 * A check cannot receive another check's row: each row contains its token, and a check takes the row with its own
 * token. Nor can it receive rows of another query, although a prepared statement is found by name only, on a connection
 * that the pooler may have used for other clients: the name contains a hash of the query text, so any version of the
 * service prepares the same text under this name; the token is bound at every execution; and tables are resolved again
 * if search_path differs (PREPARE, Notes). A mismatch fails with an error before the first row, and the pool closes the
 * connection.
 */
import { createHash } from 'node:crypto';
import DataLoader from 'dataloader';
import { eq, getTableColumns, sql, type SQL } from 'drizzle-orm';
import type { StoredSession } from '../session/inspector.js';
import { tablesOf, type Orm } from './client.js';
import { statementRefusal } from './database-error.js';
import { sqlState } from '../log/error-chain.js';

interface FoundSession extends StoredSession {
  /** The value of `alsoSelect`. */
  readonly also?: unknown;
}

/** Finds the session with this token; `user` is null if the user was deleted. Undefined if there is no such session. */
export type FindSession = (token: string) => Promise<FoundSession | undefined>;

export interface SessionStoreOptions {
  /** What each row has besides, in the same snapshot. */
  readonly alsoSelect?: SQL;
  /** Called once when prepared statements are not kept (SQLSTATE); checks then stop using them. */
  readonly onFallback: (sqlState: string | undefined) => void;
}

export function createSessionStore(
  orm: Orm,
  { onFallback, alsoSelect }: SessionStoreOptions,
): FindSession {
  const unnamed = selectSession(orm, 0, alsoSelect).prepare('');
  let stalePlans = 0;
  let query = prepareNamed(orm, stalePlans, alsoSelect);

  async function findAll(tokens: readonly string[]) {
    const asked = query;
    try {
      return await asked.execute({ tokens });
    } catch (error) {
      const refusal = asked === unnamed ? undefined : statementRefusal(error);
      if (refusal === undefined) throw error;
      // If concurrent queries are rejected, the first one switches for all.
      if (query === asked && refusal === 'stale') {
        stalePlans += 1;
        query = prepareNamed(orm, stalePlans, alsoSelect);
      } else if (query === asked) {
        query = unnamed;
        onFallback(sqlState(error));
      }
      return unnamed.execute({ tokens });
    }
  }

  const loader = new DataLoader<string, FoundSession | undefined>(
    async (tokens) => {
      const rows = new Map((await findAll(tokens)).map(({ token, ...row }) => [token, row]));
      return tokens.map((token) => rows.get(token));
    },
    {
      cache: false, // a revoked session must not be found by the next check
      maxBatchSize: 100,
      // Runs after all currently readable sockets: under load many checks arrive in one event loop iteration.
      batchScheduleFn: (runBatch) => setImmediate(runBatch),
    },
  );

  return async function findSession(token) {
    // PostgreSQL cannot store a null character and rejects one in a parameter, which must not count as an outage.
    return token.includes('\0') ? undefined : loader.load(token);
  };
}

function prepareNamed(orm: Orm, stalePlans: number, alsoSelect: SQL | undefined) {
  const select = selectSession(orm, stalePlans, alsoSelect);
  const hash = createHash('sha256').update(select.toSQL().sql).digest('hex');
  return select.prepare(`session_check_${hash.slice(0, 16)}`);
}

/**
 * @param stalePlans how often a migration invalidated the plan. Each value changes the query text and so the statement:
 *   PgBouncer (from 1.21) prepares equal texts once for all clients and would give new connections the stale plan too.
 */
function selectSession(orm: Orm, stalePlans: number, also: SQL | undefined) {
  const remark = sql.raw(stalePlans === 0 ? '' : ` /* after ${stalePlans} migrations */`);
  const { session, user } = tablesOf(orm);
  // Includes columns added by features; the response decides which ones are shown.
  const { token, ...sessionColumns } = getTableColumns(session);
  return orm
    .select({
      token,
      session: sessionColumns,
      user: getTableColumns(user),
      ...(also && { also }),
    })
    .from(session)
    .leftJoin(user, eq(user.id, session.userId))
    .where(sql`${session.token} = any(${sql.placeholder('tokens')})${remark}`);
}
