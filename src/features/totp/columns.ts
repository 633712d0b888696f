/** The column by which a user is known to have a second factor; the name is that of BetterAuth's stock client. */
import { boolean } from 'drizzle-orm/pg-core';

export const userColumns = {
  twoFactorEnabled: boolean('two_factor_enabled').default(false).notNull(),
};
