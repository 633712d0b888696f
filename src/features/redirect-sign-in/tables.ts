/** Redirects that came back from a provider. A start writes nothing, so that nobody can fill the table by starting. */
import { index, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

const time = (name: string) => timestamp(name, { withTimezone: true });

export const redirectFlow = pgTable(
  'redirect_flow',
  {
    /** SHA-256 of the flow's id: the state is used once. */
    id: text('id').primaryKey(),
    provider: text('provider').notNull(),
    /** SHA-256 of the verifier that the page keeps; for flows that end on this host, of the cookie. */
    challenge: text('challenge').notNull(),
    /** The origin of the page that may redeem the code; null for flows that end on this host. */
    origin: text('origin'),
    /** Who asked to link the provider to the own account. No foreign key: the redeem needs a session of that user. */
    linkUserId: text('link_user_id'),
    /** SHA-256 of the code; null until the provider's answer is verified. */
    codeHash: text('code_hash').unique(),
    /** What the provider said, encrypted; wiped once it is redeemed. */
    identity: text('identity'),
    codeExpiresAt: time('code_expires_at'),
    redeemedAt: time('redeemed_at'),
    /** Of the mailed link that proves the address. */
    linkId: text('link_id').unique(),
    createdAt: time('created_at').notNull(),
  },
  (table) => [index('redirect_flow_created_at_idx').on(table.createdAt)],
);
