/** Concurrent sign-ups with the same address: BetterAuth finds no user for either, and the database rejects the second. */
import { APIError } from 'better-auth/api';
import { getTableConfig } from 'drizzle-orm/pg-core';
import { uniqueViolation } from '../db/database-error.js';
import { user } from '../db/schema.js';

/** BetterAuth's response to a sign-up with an address that has an account. */
export const duplicateUserCode = 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL';
const message = 'User already exists. Use another email.';

/** The unique constraint on the address. */
const emailIsUnique = getTableConfig(user).columns.find(({ name }) => name === 'email')?.uniqueName;

/** Converts the second sign-up's unique violation into that response; returns other errors unchanged. */
export function toDuplicateUserError(error: unknown): unknown {
  const constraint = uniqueViolation(error);
  if (constraint === undefined || constraint !== emailIsUnique) return error;
  return new APIError('UNPROCESSABLE_ENTITY', { code: duplicateUserCode, message });
}
