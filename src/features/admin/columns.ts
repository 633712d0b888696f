/** The roles of a user, and who impersonates one. */
import { text } from 'drizzle-orm/pg-core';

export const userColumns = {
  /** Comma-separated (src/roles.ts); null for a user without a role. Only operators change it. */
  role: text('role'),
};

export const sessionColumns = {
  /** The id of the operator who acts as the user with this session; null for the user's own sessions. */
  impersonatedBy: text('impersonated_by'),
};
