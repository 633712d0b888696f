/**
 * Plain node:http with only what a session check cannot do without, the cookie's signature and the query, and the
 * argon2id hash of a sign-in: no framework, no rate limit, no log, no writes.
 */
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { verify } from '@node-rs/argon2';
import { createDatabase } from '../../src/db/client.js';
import { secret } from '../seed.js';
import { serve, databaseUrl } from './harness.js';
import { findSession } from './session-query.js';

const { pool } = createDatabase({ url: databaseUrl(), onIdleError: () => undefined });

const hashByEmail = `
  select a.password from account a join "user" u on u.id = a.user_id where u.email = $1`;

type Row = Record<string, string>;

async function checkSession({ headers }: IncomingMessage): Promise<[number, object]> {
  const { cookie = '' } = headers;
  const [token = '', signature] = decodeURIComponent(cookie.slice(cookie.indexOf('=') + 1)).split('.');
  const expected = createHmac('sha256', secret).update(token).digest('base64');
  return signature === expected ? [200, await findSession(pool, token)] : [401, {}];
}

async function signIn(req: IncomingMessage): Promise<[number, object]> {
  let body = '';
  for await (const part of req.setEncoding('utf8')) body += String(part);
  const { email, password } = JSON.parse(body) as { email: string; password: string };
  const { rows } = await pool.query<Row>({ name: 'h', text: hashByEmail, values: [email] });
  const matches = await verify(rows[0]?.password ?? '', password);
  return [matches ? 200 : 401, {}];
}

async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const [status, body] = await (req.method === 'POST' ? signIn(req) : checkSession(req));
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

serve(createServer((req, res) => void handle(req, res).catch(() => res.destroy()))); // the client disconnected
