/** Whom a magic link signs in. Written for every link: an address may get its account between the mail and the click. */
import { pgTable, text } from 'drizzle-orm/pg-core';
import { mailedLink } from '../../db/schema.js';

export const magicLink = pgTable('magic_link', {
  linkId: text('link_id')
    .primaryKey()
    // Swept, and deleted where its mail is beyond the limits, with the link.
    .references(() => mailedLink.id, { onDelete: 'cascade' }),
  email: text('email').notNull(),
  /** Of a new user. */
  name: text('name').notNull(),
});
