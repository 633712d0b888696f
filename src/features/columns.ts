/**
 * The columns that features add to the tables of the core: one line for each feature that has a `columns.ts`. They exist
 * whether the feature is on or off, so that switching it on takes no migration. These files import Drizzle only: the
 * core's tables are built from them.
 */
import {
  sessionColumns as adminSessionColumns,
  userColumns as adminColumns,
} from './admin/columns.js';
import { userColumns as profileFieldColumns } from './profile-fields/columns.js';
import { userColumns as totpColumns } from './totp/columns.js';

/** Columns of `user`, by BetterAuth's field names. */
export const userColumns = { ...adminColumns, ...profileFieldColumns, ...totpColumns };

/** Columns of `session`, by BetterAuth's field names. */
export const sessionColumns = { ...adminSessionColumns };

/** Indexes of these columns. */
export { sessionIndexes, userIndexes } from './admin/columns.js';
