/** Fills databases with SQL, using derived ids and tokens, so that matching cookies can be signed here. */
import { createHash, createHmac } from 'node:crypto';
import { connectOnce } from '../src/db/client.js';
import { signToken } from '../src/session/signed-token.js';
import { run } from './cluster.js';

export interface SessionSeed {
  readonly sessions: number;
  readonly users: number;
}

/** A session cookie as set by BetterAuth, and its user. */
export interface SignedIn {
  readonly cookie: string;
  readonly token: string;
  readonly userId: string;
}

/** Signs all cookies of the bench; it protects nothing after the run. */
export const secret = 'kT8mZp0aWq2xYc7vN1sLd5hRf9gJb3e4';

/** The password of all members, and of those who sign up. */
export const password = 'correct horse battery staple';

/** Without `__Secure-`, because the bench uses http. */
const cookieName = 'better-auth.session_token';

/** 32 characters like BetterAuth's ids; same result as PostgreSQL's `md5(…)`. */
const idOf = (text: string) => createHash('md5').update(text).digest('hex');

/** New sessions, so that no check extends one: an UPDATE would distort the measurement. */
export async function seedSessions(url: string, { sessions, users }: SessionSeed): Promise<void> {
  await run(
    url,
    'set session_replication_role = replica', // the foreign key holds by construction
    `insert into "user" (id, name, email, email_verified, image)
     select md5('user-' || n), 'User ' || n, 'user-' || n || '@example.com', true, null
     from generate_series(0, ${users - 1}) n`,
    `insert into session (id, token, user_id, expires_at, ip_address, user_agent)
     select md5('session-' || n), md5('token-' || n), md5('user-' || n % ${users}),
       now() + interval '7 days', '203.0.113.7', 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101'
     from generate_series(0, ${sessions - 1}) n`,
    'vacuum analyze',
    'checkpoint',
  );
}

/** Cookies of `count` sessions, evenly distributed over the seeded ones. */
export function signedIn({ sessions, users }: SessionSeed, count: number): SignedIn[] {
  return Array.from({ length: count }, (_unused, index) => {
    const n = Math.floor((index * sessions) / count);
    const token = idOf(`token-${n}`);
    return { cookie: cookieFor(token, secret), token, userId: idOf(`user-${n % users}`) };
  });
}

/** A Cookie header whose session token is signed with `key`. */
export function cookieFor(token: string, key: string): string {
  const signed = signToken(token, { version: 0, value: key });
  return `${cookieName}=${encodeURIComponent(signed)}`;
}

/** A Cookie header as set by express-session. */
export function passportCookie(sessionId: string): string {
  const signature = createHmac('sha256', secret).update(sessionId).digest('base64');
  const value = `s:${sessionId}.${signature.replace(/=+$/, '')}`;
  return `connect.sid=${encodeURIComponent(value)}`;
}

/** A user with a password. */
export interface Member {
  readonly userId: string;
  readonly email: string;
}

/** Creates users with the same password, hashed once: hashing each would take longer than the bench. */
export async function seedMembers(
  url: string,
  kind: string,
  count: number,
  hash: string,
): Promise<Member[]> {
  const members = membersOf(kind, count);
  const ids = members.map(({ userId }) => userId);
  const client = await connectOnce(url);
  try {
    await client.query(
      `insert into "user" (id, name, email) select id, 'Member', email
       from unnest($1::text[], $2::text[]) m (id, email)`,
      [ids, members.map(({ email }) => email)],
    );
    await client.query(
      `insert into account (id, account_id, provider_id, user_id, password)
       select id, id, 'credential', id, $2 from unnest($1::text[]) m (id)`,
      [ids, hash],
    );
    await client.query('vacuum analyze');
  } finally {
    await client.end();
  }
  return members;
}

/** The members that `seedMembers` creates. */
export function membersOf(kind: string, count: number): Member[] {
  return Array.from({ length: count }, (_unused, n) => ({
    userId: idOf(`${kind}-${n}`),
    email: `${kind}-${n}@example.com`,
  }));
}
