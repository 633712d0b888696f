/**
 * The one query of a session check: a session by its token, with its user, in one round trip. Checks that arrive
 * together share it. It is a prepared statement where the server keeps one, and goes without where a pooler does not.
 *
 * Why no check can be answered with the rows of another: each row carries its token, and a check takes the row of the
 * token it asked for. Nor with those of another query: a statement is found by its name alone, on a
 * connection that a pooler may have lent to anybody before. Its name holds a hash of its text, so under this name
 * there is this text or nothing, whichever version of the service put it there; the token is bound anew with every
 * execution; and tables are looked up anew where search_path differs (PREPARE, Notes). Whatever does not fit is
 * refused with an error before the first row, and the pool closes a connection whose statement was refused.
 */
import { createHash } from 'node:crypto';
import DataLoader from 'dataloader';
import { eq, getTableColumns, sql } from 'drizzle-orm';
import type { StoredSession } from '../session/inspector.js';
import { tablesOf, type Orm } from './client.js';
import { statementRefusal } from './database-error.js';
import { sqlState } from '../log/error-chain.js';

/** Finds the row of a token, its user null where the user is gone; undefined where there is no such row. */
export type FindSession = (token: string) => Promise<StoredSession | undefined>;

export interface SessionStoreOptions {
  /** Told once: prepared statements are not kept (SQLSTATE), and no check uses one from now on. */
  readonly onFallback: (sqlState: string | undefined) => void;
}

export function createSessionStore(orm: Orm, { onFallback }: SessionStoreOptions): FindSession {
  const unnamed = selectSession(orm, 0).prepare('');
  let stalePlans = 0;
  let query = prepareNamed(orm, stalePlans);

  async function findAll(tokens: readonly string[]) {
    const asked = query;
    try {
      return await asked.execute({ tokens });
    } catch (error) {
      const refusal = asked === unnamed ? undefined : statementRefusal(error);
      if (refusal === undefined) throw error;
      // Of many queries that are refused together the first decides for all.
      if (query === asked && refusal === 'stale') {
        stalePlans += 1;
        query = prepareNamed(orm, stalePlans);
      } else if (query === asked) {
        query = unnamed;
        onFallback(sqlState(error));
      }
      return unnamed.execute({ tokens });
    }
  }

  const loader = new DataLoader<string, StoredSession | undefined>(
    async (tokens) => {
      const rows = new Map((await findAll(tokens)).map(({ token, ...row }) => [token, row]));
      return tokens.map((token) => rows.get(token));
    },
    {
      cache: false, // a session that was revoked must be gone with the next check
      maxBatchSize: 100,
      // After the sockets that are readable now: under load many checks arrive in one turn of the event loop.
      batchScheduleFn: (ask) => setImmediate(ask),
    },
  );

  return async function findSession(token) {
    // PostgreSQL stores no null character and refuses to look for one, which is not a database that is down.
    return token.includes('\0') ? undefined : loader.load(token);
  };
}

function prepareNamed(orm: Orm, stalePlans: number) {
  const select = selectSession(orm, stalePlans);
  const hash = createHash('sha256').update(select.toSQL().sql).digest('hex');
  return select.prepare(`session_check_${hash.slice(0, 16)}`);
}

/**
 * @param stalePlans how often a migration made the plan useless. Each makes another text, and so another statement:
 *   PgBouncer from 1.21 prepares equal texts once for all clients, and gives new connections the stale plan too.
 */
function selectSession(orm: Orm, stalePlans: number) {
  const remark = sql.raw(stalePlans === 0 ? '' : ` /* after ${stalePlans} migrations */`);
  const { session, user } = tablesOf(orm);
  // Features may have added columns: who is shown which is decided where an answer is written.
  const { token, ...sessionColumns } = getTableColumns(session);
  return orm
    .select({ token, session: sessionColumns, user: getTableColumns(user) })
    .from(session)
    .leftJoin(user, eq(user.id, session.userId))
    .where(sql`${session.token} = any(${sql.placeholder('tokens')})${remark}`);
}
