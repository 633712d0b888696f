/** The column that holds the profile fields of a user. */
import { jsonb } from 'drizzle-orm/pg-core';

export const userColumns = {
  profile: jsonb('profile').$type<Readonly<Record<string, unknown>>>(),
};
