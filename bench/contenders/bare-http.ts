/**
 * Plain node:http with only what a session check needs, the cookie's signature and the query, and the argon2id hash of a
 * sign-in: no framework, no rate limit, no log, no writes.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { verify } from '@node-rs/argon2';
import { secret } from '../seed.js';
import { createPool, readBody, serve } from './harness.js';
import { findSession } from './session-query.js';

const pool = createPool();

const hashByEmail = `
  select a.password from account a join "user" u on u.id = a.user_id where u.email = $1`;

type Answer = [status: number, body: object];

async function checkSession(cookie: string): Promise<Answer> {
  const value = decodeURIComponent(cookie.slice(cookie.indexOf('=') + 1));
  const [token = '', signature = ''] = value.split('.');
  const expected = createHmac('sha256', secret).update(token).digest();
  const given = Buffer.from(signature, 'base64');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return [401, {}];
  return [200, await findSession(pool, token)];
}

async function signIn(req: IncomingMessage): Promise<Answer> {
  const { email, password = '' } = await readBody(req);
  const values = [email];
  const { rows } = await pool.query<{ password: string }>({ name: 'h', text: hashByEmail, values });
  const matches = await verify(rows[0]?.password ?? '', password);
  return [matches ? 200 : 401, {}];
}

async function answer(req: IncomingMessage): Promise<Answer> {
  if (req.method === 'POST') return signIn(req);
  return req.url === '/health' ? [200, {}] : checkSession(req.headers.cookie ?? '');
}

async function handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const [status, body] = await answer(req);
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

serve(createServer((req, res) => void handle(req, res).catch(() => res.destroy()))); // the client disconnected
