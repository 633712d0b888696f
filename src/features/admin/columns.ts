/** The roles of a user, and who impersonates one. */
import { sql } from 'drizzle-orm';
import { index, text } from 'drizzle-orm/pg-core';

export const userColumns = {
  /** Comma-separated (src/roles.ts); null for a user without a role. Only operators change it. */
  role: text('role'),
};

export const sessionColumns = {
  /** The id of the operator who acts as the user with this session; null for the user's own sessions. */
  impersonatedBy: text('impersonated_by'),
};

/** Few users have a role, and few sessions are of somebody else: without these, each lock of a user would read every row. */
export const userIndexes = () => [
  index('user_role_idx')
    .on(sql`role`)
    .where(sql`role is not null`),
];

export const sessionIndexes = () => [
  index('session_impersonated_by_idx')
    .on(sql`impersonated_by`)
    .where(sql`impersonated_by is not null`),
];
