/** The one query of a session check: a session by its token, with its user, in one round trip. */
import { eq, sql } from 'drizzle-orm';
import type { StoredSession } from '../session/inspector.js';
import type { Orm } from './client.js';
import { session, user } from './schema.js';

/** Finds the row of a token, its user null where the user is gone; undefined where there is no such row. */
export type FindSession = (token: string) => Promise<StoredSession | undefined>;

export function createSessionStore(orm: Orm): FindSession {
  const query = orm
    .select({
      session: {
        id: session.id,
        userId: session.userId,
        expiresAt: session.expiresAt,
        createdAt: session.createdAt,
        updatedAt: session.updatedAt,
        ipAddress: session.ipAddress,
        userAgent: session.userAgent,
      },
      user: {
        id: user.id,
        name: user.name,
        email: user.email,
        emailVerified: user.emailVerified,
        image: user.image,
        createdAt: user.createdAt,
        updatedAt: user.updatedAt,
      },
    })
    .from(session)
    .leftJoin(user, eq(user.id, session.userId))
    .where(eq(session.token, sql.placeholder('token')))
    // No name, so no prepared statement stays on the server: not every pooler keeps them apart.
    .prepare('');

  return async function findSession(token) {
    const [row] = await query.execute({ token });
    return row;
  };
}
