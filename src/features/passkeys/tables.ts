/** Passkeys, the handles under which authenticators know users, and challenges that were used. */
import { bigint, boolean, index, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { user } from '../../db/schema.js';

const time = (name: string) => timestamp(name, { withTimezone: true });

const userId = () =>
  text('user_id')
    .notNull()
    .references(() => user.id, { onDelete: 'cascade' });

export const passkey = pgTable(
  'passkey',
  {
    id: text('id').primaryKey(),
    userId: userId(),
    /** The authenticator's id of the credential, base64url. */
    credentialId: text('credential_id').notNull().unique(),
    /** COSE key, base64url. */
    publicKey: text('public_key').notNull(),
    /** Of signatures; 0 for authenticators that do not count, such as those that synchronize passkeys. */
    counter: bigint('counter', { mode: 'number' }).notNull(),
    /** `singleDevice`, or `multiDevice` for passkeys that can be synchronized. */
    deviceType: text('device_type').notNull(),
    /** Whether it was synchronized when it was last used. */
    backedUp: boolean('backed_up').notNull(),
    /** How browsers reach the authenticator, such as `internal,hybrid`. */
    transports: text('transports').notNull(),
    /** The model of the authenticator; zeros where it does not say. */
    aaguid: text('aaguid').notNull(),
    /** The user's name for it. */
    name: text('name'),
    createdAt: time('created_at').notNull(),
    lastUsedAt: time('last_used_at'),
  },
  (table) => [index('passkey_user_id_idx').on(table.userId)],
);

export const passkeyUser = pgTable('passkey_user', {
  userId: userId().primaryKey(),
  /**
   * 256 random bits, base64url, which authenticators store with the passkey. Not the user's id, which other services see;
   * and not derived from the secret, which may be replaced.
   */
  handle: text('handle').notNull().unique(),
});

/** A challenge is signed, not stored. Only its successful use is, so that it is used once. */
export const usedChallenge = pgTable(
  'passkey_challenge',
  {
    /** The challenge's random part, base64url. */
    nonce: text('nonce').primaryKey(),
    expiresAt: time('expires_at').notNull(),
  },
  (table) => [index('passkey_challenge_expires_at_idx').on(table.expiresAt)],
);
