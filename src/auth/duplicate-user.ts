/** Two sign-ups with one address at once: BetterAuth finds nobody for either, and the database refuses the second. */
import { APIError } from 'better-auth/api';
import { getTableConfig } from 'drizzle-orm/pg-core';
import { uniqueViolation } from '../db/database-error.js';
import { user } from '../db/schema.js';

/** BetterAuth's answer to a sign-up with an address that has an account. */
const code = 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL';
const message = 'User already exists. Use another email.';

/** By which PostgreSQL keeps two users from having one address. */
const emailIsUnique = getTableConfig(user).columns.find(({ name }) => name === 'email')?.uniqueName;

/** The same answer for whoever came second; any other error stays what it is. */
export function asDuplicateUser(error: unknown): unknown {
  const constraint = uniqueViolation(error);
  if (constraint === undefined || constraint !== emailIsUnique) return error;
  return new APIError('UNPROCESSABLE_ENTITY', { code, message });
}
