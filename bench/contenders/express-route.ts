/**
 * An Express route that runs the one query of a session check and nothing else: the token is taken from the cookie
 * without a look at its signature, no header is set, nothing is logged.
 */
import { createServer, type RequestListener } from 'node:http';
import express from 'express';
import { createDatabase } from '../../src/db/client.js';
import { serve, databaseUrl } from './harness.js';

const { pool } = createDatabase({ url: databaseUrl(), onIdleError: () => undefined });

/** The columns of src/db/session-store.ts. */
const statement = `
  select s.id, s.user_id, s.expires_at, s.created_at, s.updated_at, s.ip_address, s.user_agent,
    u.name, u.email, u.email_verified, u.image,
    u.created_at as user_created_at, u.updated_at as user_updated_at
  from session s left join "user" u on u.id = s.user_id
  where s.token = $1`;

const app = express();
app.disable('x-powered-by');
app.disable('etag');
app.get('/session', async (req, res) => {
  const { cookie = '' } = req.headers;
  const token = cookie.slice(cookie.indexOf('=') + 1, cookie.lastIndexOf('.'));
  const { rows } = await pool.query<Record<string, unknown>>({
    name: 'session',
    text: statement,
    values: [token],
  });
  const [row = {}] = rows;
  res.json({
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
  });
});
serve(createServer(app as RequestListener));
