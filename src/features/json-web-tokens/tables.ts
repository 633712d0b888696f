/** The key pairs that sign JSON Web Tokens. */
import { pgTable, text, timestamp } from 'drizzle-orm/pg-core';

const time = (name: string) => timestamp(name, { withTimezone: true });

export const jwks = pgTable('jwks', {
  id: text('id').primaryKey(),
  publicKey: text('public_key').notNull(),
  /** Encrypted with the secret. */
  privateKey: text('private_key').notNull(),
  createdAt: time('created_at').notNull(),
  expiresAt: time('expires_at'),
  alg: text('alg'),
  crv: text('crv'),
});
