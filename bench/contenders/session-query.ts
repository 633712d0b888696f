/** The query of a session check and its response, for contenders that do nothing else. */
import type pg from 'pg';

/** The columns of src/db/session-store.ts. */
const statement = `
  select s.id, s.user_id, s.expires_at, s.created_at, s.updated_at, s.ip_address, s.user_agent,
    u.name, u.email, u.email_verified, u.image,
    u.created_at as user_created_at, u.updated_at as user_updated_at
  from session s left join "user" u on u.id = s.user_id
  where s.token = $1`;

/** The response of `/session` for a token. */
export async function findSession(pool: pg.Pool, token: string): Promise<object> {
  const { rows } = await pool.query<Record<string, unknown>>({
    name: 'session',
    text: statement,
    values: [token],
  });
  const [row = {}] = rows;
  return {
    session: {
      id: row.id,
      userId: row.user_id,
      expiresAt: row.expires_at,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
      ipAddress: row.ip_address,
      userAgent: row.user_agent,
    },
    user: {
      id: row.user_id,
      name: row.name,
      email: row.email,
      emailVerified: row.email_verified,
      image: row.image,
      createdAt: row.user_created_at,
      updatedAt: row.user_updated_at,
    },
  };
}
