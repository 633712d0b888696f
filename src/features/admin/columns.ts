/** The roles of a user, and who impersonates one. */
import { index, text, type AnyPgColumn } from 'drizzle-orm/pg-core';

export const userColumns = {
  /** Comma-separated (src/roles.ts); null for a user without a role. Only operators change it. */
  role: text('role'),
};

export const sessionColumns = {
  /** The id of the operator who acts as the user with this session; null for the user's own sessions. */
  impersonatedBy: text('impersonated_by'),
};

/** Few users have a role, and few sessions are of somebody else: without these, each lock of a user would read every row. */
export const userIndexes = ({ role }: Table<'role'>) => [index('user_role_idx').on(role)];

export const sessionIndexes = ({ impersonatedBy }: Table<'impersonatedBy'>) => [
  index('session_impersonated_by_idx').on(impersonatedBy),
];

type Table<Column extends string> = Readonly<Record<Column, AnyPgColumn>>;
