/**
 * node:http with the query of a session check and the argon2id of a sign-in, and nothing else: no framework, no limit,
 * no look at a signature, nothing written.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { verify } from '@node-rs/argon2';
import { createDatabase } from '../../src/db/client.js';
import { serve, databaseUrl } from './harness.js';

const { pool } = createDatabase({ url: databaseUrl(), onIdleError: () => undefined });

const sessionByToken = `
  select s.*, u.name, u.email from session s left join "user" u on u.id = s.user_id
  where s.token = $1`;
const hashByEmail = `
  select a.password from account a join "user" u on u.id = a.user_id where u.email = $1`;

type Row = Record<string, string>;

async function checkSession({ headers }: IncomingMessage): Promise<[number, object]> {
  const { cookie = '' } = headers;
  const token = cookie.slice(cookie.indexOf('=') + 1, cookie.lastIndexOf('.'));
  const { rows } = await pool.query<Row>({ name: 's', text: sessionByToken, values: [token] });
  return [200, { user: { id: rows[0]?.user_id } }];
}

async function signIn(req: IncomingMessage): Promise<[number, object]> {
  let body = '';
  for await (const part of req.setEncoding('utf8')) body += String(part);
  const { email, password } = JSON.parse(body) as { email: string; password: string };
  const { rows } = await pool.query<Row>({ name: 'h', text: hashByEmail, values: [email] });
  const matches = await verify(rows[0]?.password ?? '', password);
  return [matches ? 200 : 401, {}];
}

async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const [status, body] = await (req.method === 'POST' ? signIn(req) : checkSession(req));
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

serve(createServer((req, res) => void answer(req, res).catch(() => res.destroy()))); // the caller left
