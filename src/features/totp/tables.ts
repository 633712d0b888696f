/** Secrets of authenticator apps, backup codes and trusted devices. */
import { bigint, boolean, index, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { user, verification } from '../../db/schema.js';

const time = (name: string) => timestamp(name, { withTimezone: true });

export const totpSecret = pgTable('totp_secret', {
  userId: text('user_id')
    .primaryKey()
    .references(() => user.id, { onDelete: 'cascade' }),
  /** Encrypted; null until the first code has confirmed it. */
  secret: text('secret'),
  /** When the secret was confirmed: what undoes a takeover removes the app only if the stranger can have set it up. */
  confirmedAt: time('confirmed_at'),
  /** The time step of the last accepted code: neither it nor an older one is accepted again. */
  lastStep: bigint('last_step', { mode: 'number' }),
  /** A later step whose code was tried too early, and so revealed as right. */
  revealedStep: bigint('revealed_step', { mode: 'number' }),
  /** Encrypted; waits for its first code. */
  newSecret: text('new_secret'),
  newSecretAt: time('new_secret_at'),
});

export const backupCode = pgTable(
  'backup_code',
  {
    /** HMAC of the user and the code: a reader of the table can neither use nor guess one. */
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => user.id, { onDelete: 'cascade' }),
    createdAt: time('created_at').defaultNow().notNull(),
    /** False until the secret that came with it is confirmed. */
    isActive: boolean('is_active').notNull(),
    usedAt: time('used_at'),
  },
  (table) => [index('backup_code_user_id_idx').on(table.userId)],
);

export const trustedDevice = pgTable('trusted_device', {
  /**
   * What makes it trusted is a row of `verification`, with the user's id as its value: it ends with everything that ends
   * access to the account (auth/end-access.ts).
   */
  id: text('id')
    .primaryKey()
    .references(() => verification.id, { onDelete: 'cascade' }),
  /** Such as `Firefox (Linux)`. */
  browser: text('browser').notNull(),
  lastUsedAt: time('last_used_at').defaultNow().notNull(),
});
