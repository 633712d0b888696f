/** Finds users by the beginning of their e-mail address, by id, or by the fingerprint of a session. */
import { and, eq, inArray, isNotNull, sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import { user } from '../../../db/schema.js';
import { rolesOf } from '../../../roles.js';
import { auditEvent } from '../../tables.js';
import { operatorEvent, type Handlers, type HandlerServices } from './handler.js';
import { readInput, text, wholeNumber } from './input.js';

const fingerprint = /^[0-9a-f]{8}$/;

const query = z.strictObject({
  /** The beginning of an address, an id, or the fingerprint of a session: whichever it is. */
  q: text(254).optional(),
  email: text(254).optional(),
  id: text(64).optional(),
  /** As in the log. */
  session: z.string().regex(fingerprint).optional(),
  /** `next` of the page before. */
  after: text(254).optional(),
  limit: wholeNumber(1, 100).default(25),
});

/** After every character that an address can have. */
const highest = '\u{10ffff}';

export function createUserSearch({
  database: { orm },
  audit,
}: HandlerServices): Pick<Handlers, 'findUsers'> {
  /** The users of the events with this session; a live session has at least the one of its sign-in. */
  function usersOfSession(session: string) {
    return orm
      .selectDistinct({ id: auditEvent.userId })
      .from(auditEvent)
      .where(and(eq(auditEvent.session, session), isNotNull(auditEvent.userId)));
  }

  /** Compared byte by byte, as the index is: other collations sort punctuation elsewhere. */
  const beginsWith = (prefix: string) =>
    sql`${user.email} ~>=~ ${prefix} and ${user.email} ~<~ ${prefix + highest}`;

  /** Each of these uses its own index; joined by OR they would use none. */
  function isAny(q: string, after: SQL | undefined, limit: number): SQL {
    const session = q.toLowerCase();
    const ids = orm.select({ id: user.id }).from(user).where(eq(user.id, q));
    const emails = orm
      .select({ id: user.id })
      .from(user)
      .where(and(beginsWith(q.toLowerCase()), after))
      .orderBy(sql`${user.email} using ~<~`)
      .limit(limit);
    const events = fingerprint.test(session)
      ? sql`union all ${usersOfSession(session)}`
      : undefined;
    return sql`${user.id} in (${ids} union all ${emails} ${events})`;
  }

  return {
    async findUsers(call) {
      const { q, email, id, session, after, limit } = readInput(query, call.input);
      const prefix = email?.trim().toLowerCase() ?? '';
      const isAfter = after === undefined ? undefined : sql`${user.email} ~>~ ${after}`;
      const rows = await orm
        .select({
          id: user.id,
          email: user.email,
          name: user.name,
          emailVerified: user.emailVerified,
          role: user.role,
          createdAt: user.createdAt,
        })
        .from(user)
        .where(
          and(
            q === undefined ? undefined : isAny(q.trim(), isAfter, limit + 1),
            prefix === '' ? undefined : beginsWith(prefix),
            isAfter,
            id === undefined ? undefined : eq(user.id, id),
            session === undefined ? undefined : inArray(user.id, usersOfSession(session)),
          ),
        )
        .orderBy(sql`${user.email} using ~<~`)
        .limit(limit + 1);
      const found = rows.slice(0, limit);
      const next = rows.length > limit ? found.at(-1)?.email : undefined;
      await audit.record(
        orm,
        operatorEvent(call, 'user_view', undefined, { list: true, found: found.length }),
      );
      return {
        users: found.map(({ role, ...shown }) => ({ ...shown, roles: rolesOf(role) })),
        next: next ?? null,
      };
    },
  };
}
