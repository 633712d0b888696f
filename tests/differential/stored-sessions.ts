/** Session rows of a case, inserted directly: a sign-up cannot create a session that is about to expire. */
import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import type pg from 'pg';

export interface StoredRow {
  readonly token: string;
  readonly isStored: boolean;
  readonly hasUser: boolean;
  readonly expiresInMs: number;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly userName: string;
  readonly image: string | null;
  readonly emailVerified: boolean;
}

/** The time of every case. BetterAuth takes no clock as an argument, so `Date` itself is frozen. */
export const frozenNow = new Date('2026-03-01T12:00:00.123Z');

const dayMs = 24 * 3_600_000;
/** A session of seven days that is extended once a day is extended when six days are left. */
const dueAtMs = 6 * dayMs;

const milliseconds = (min: number, max: number) => fc.integer({ min, max });

/** The remaining lifetime of a session; every boundary and the values next to it. */
const expiresInMs = fc.oneof(
  { weight: 12, arbitrary: milliseconds(dueAtMs + 1, 7 * dayMs) },
  { weight: 4, arbitrary: milliseconds(1, dueAtMs) },
  { weight: 2, arbitrary: milliseconds(-30 * dayMs, -1) },
  { weight: 3, arbitrary: fc.constantFrom(-1, 0, 1, dueAtMs - 1, dueAtMs, dueAtMs + 1) },
);

/** Characters with more than one encoding in JSON, HTML or UTF-8. */
const text = fc.string({
  unit: fc.constantFrom(
    'a',
    ' ',
    '"',
    '\\',
    '/',
    '<',
    '\n',
    '\u0001',
    '\u007f',
    '\u2028',
    'é',
    '€',
    '𝄞',
  ),
  maxLength: 8,
});

/** Like BetterAuth's: 32 letters and digits. */
const usualToken = fc.nat().map((number) => {
  const hash = createHash('sha256').update(String(number)).digest('base64');
  return hash.replace(/[+/=]/g, 'x').slice(0, 32);
});

/** Unusual tokens, correctly signed like the others. */
const oddToken = fc.constantFrom(
  ...['x', 'a.b', '.a', 'Zoë', '€𝄞', 'a b', 'a+b', 'a%41', 'a"b', '"', 'a;b', 'a=b', 'a,b', '%'],
  ...['__proto__', 'null', '\ufeff', 'é\u00a0', ' x ', 'token.'],
);

export const storedRow: fc.Arbitrary<StoredRow> = fc.record({
  token: fc.oneof({ weight: 12, arbitrary: usualToken }, { weight: 1, arbitrary: oddToken }),
  isStored: mostly(9),
  hasUser: mostly(14),
  expiresInMs,
  ipAddress: fc.constantFrom(null, '', '203.0.113.7'),
  userAgent: fc.option(text),
  userName: text,
  image: fc.constantFrom(null, '', 'https://example.com/a.png?b=1&c="d"'),
  emailVerified: fc.boolean(),
});

/** True `weight` times as often as false. */
function mostly(weight: number): fc.Arbitrary<boolean> {
  return fc.oneof(
    { weight, arbitrary: fc.constant(true) },
    { weight: 1, arbitrary: fc.constant(false) },
  );
}

/** Replaces the sessions in the database, whose foreign key from session to user must have been dropped. */
export async function storeRows(pool: pg.Pool, rows: readonly StoredRow[]): Promise<void> {
  await pool.query('delete from session; delete from "user"');
  const stored = rows.map(columnsOf).filter(({ row }) => row.isStored && fitsIntoHeader(row));
  const users = stored.filter(({ row }) => row.hasUser).map(({ user }) => user);
  const sessions = stored.map(({ session }) => session);
  await pool.query(
    `with users as (insert into "user" select * from jsonb_populate_recordset(null::"user", $1))
     insert into session select * from jsonb_populate_recordset(null::session, $2)`,
    [JSON.stringify(users), JSON.stringify(sessions)],
  );
}

/** Whether the row is a session that signs its user in. */
export function isAlive(row: StoredRow): boolean {
  return row.isStored && row.hasUser && row.expiresInMs >= 0 && fitsIntoHeader(row);
}

/** BetterAuth's bearer plugin puts the token into a header, which allows no other characters. */
function fitsIntoHeader({ token }: StoredRow): boolean {
  return /^[\x20-\x7e]*$/.test(token);
}

function columnsOf(row: StoredRow, index: number) {
  const earlier = new Date(frozenNow.getTime() - dayMs).toISOString();
  const times = { created_at: earlier, updated_at: earlier };
  const user = {
    id: `user-${index}`,
    name: row.userName,
    email: `user-${index}@example.com`,
    email_verified: row.emailVerified,
    two_factor_enabled: !row.emailVerified,
    image: row.image,
    // Inserted only if the table has these columns, like those of the session below.
    nickname: row.userAgent,
    moderator_note: 'for moderators only',
    preferences: { theme: row.userName, b: [1, null], a: row.emailVerified },
    ...times,
  };
  const session = {
    id: `session-${index}`,
    expires_at: new Date(frozenNow.getTime() + row.expiresInMs).toISOString(),
    token: row.token,
    ip_address: row.ipAddress,
    user_agent: row.userAgent,
    user_id: user.id,
    sign_in_method: row.ipAddress,
    risk_score: row.userName.length,
    prompted_at: earlier,
    aal: row.emailVerified ? 2 : 1,
    methods: row.emailVerified ? [{ provenAt: earlier, method: 'password', b: null }] : [],
    proven_at: earlier,
    ...times,
  };
  return { row, user, session };
}
