/**
 * The tables of the core, as BetterAuth 1.7.25's own generator makes them (`auth generate`), with three deliberate
 * differences: timestamps carry a time zone, an account is unique per provider, and property names are BetterAuth's
 * field names. One table is our own: deployment_canary. all-tables.ts adds those of the features.
 */
import { relations } from 'drizzle-orm';
import {
  bigint,
  boolean,
  index,
  integer,
  pgTable,
  text,
  timestamp,
  uniqueIndex,
  type PgColumnBuilderBase,
} from 'drizzle-orm/pg-core';
import { sessionColumns, userColumns } from '../features/columns.js';

const time = (name: string) => timestamp(name, { withTimezone: true });
const now = () => new Date();

const createdAt = () => time('created_at').defaultNow().notNull();
const updatedAt = () => time('updated_at').defaultNow().$onUpdate(now).notNull();

type Columns = Record<string, PgColumnBuilderBase>;

/**
 * BetterAuth's tables and their relations.
 * @param columns that features add, by BetterAuth's field names
 */
export function createAuthTables<User extends Columns, Session extends Columns>(columns: {
  readonly user: User;
  readonly session: Session;
}) {
  const user = pgTable('user', {
    id: text('id').primaryKey(),
    name: text('name').notNull(),
    email: text('email').notNull().unique(),
    emailVerified: boolean('email_verified').default(false).notNull(),
    image: text('image'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    ...columns.user,
  });
  const userId = () =>
    text('user_id')
      .notNull()
      // Deleting a user ends its sessions at once (ASVS 7.4.2).
      .references(() => user.id, { onDelete: 'cascade' });

  const session = pgTable(
    'session',
    {
      id: text('id').primaryKey(),
      expiresAt: time('expires_at').notNull(),
      token: text('token').notNull().unique(),
      createdAt: createdAt(),
      updatedAt: updatedAt(),
      ipAddress: text('ip_address'),
      userAgent: text('user_agent'),
      userId: userId(),
      ...columns.session,
    },
    (table) => [
      index('session_user_id_idx').on(table.userId),
      // What sweep.ts looks for; so are those of verification and rate_limit.
      index('session_expires_at_idx').on(table.expiresAt),
    ],
  );

  const account = pgTable(
    'account',
    {
      id: text('id').primaryKey(),
      accountId: text('account_id').notNull(),
      providerId: text('provider_id').notNull(),
      userId: userId(),
      accessToken: text('access_token'),
      refreshToken: text('refresh_token'),
      idToken: text('id_token'),
      accessTokenExpiresAt: time('access_token_expires_at'),
      refreshTokenExpiresAt: time('refresh_token_expires_at'),
      scope: text('scope'),
      password: text('password'),
      createdAt: createdAt(),
      updatedAt: updatedAt(),
    },
    (table) => [
      index('account_user_id_idx').on(table.userId),
      // Without it two sign-ins at once could link one provider's account to two users.
      uniqueIndex('account_provider_id_account_id_key').on(table.providerId, table.accountId),
    ],
  );

  const verification = pgTable(
    'verification',
    {
      id: text('id').primaryKey(),
      identifier: text('identifier').notNull(),
      value: text('value').notNull(),
      expiresAt: time('expires_at').notNull(),
      createdAt: createdAt(),
      updatedAt: updatedAt(),
    },
    (table) => [
      index('verification_identifier_idx').on(table.identifier),
      index('verification_expires_at_idx').on(table.expiresAt),
    ],
  );

  const rateLimit = pgTable(
    'rate_limit',
    {
      id: text('id').primaryKey(),
      key: text('key').notNull().unique(),
      count: integer('count').notNull(),
      /** When its window began, by the database's clock, in milliseconds since 1970; the name is BetterAuth's. */
      lastRequest: bigint('last_request', { mode: 'number' }).notNull(),
    },
    (table) => [index('rate_limit_last_request_idx').on(table.lastRequest)],
  );

  /*
   * With these BetterAuth asks for a session and its user, or a user and its accounts, in one query. Its own way with two
   * prints the second one's error to the console, parameters and all.
   */
  const userRelations = relations(user, ({ many }) => ({ accounts: many(account) }));
  const sessionRelations = relations(session, ({ one }) => ({
    user: one(user, { fields: [session.userId], references: [user.id] }),
  }));
  const accountRelations = relations(account, ({ one }) => ({
    user: one(user, { fields: [account.userId], references: [user.id] }),
  }));
  return {
    user,
    session,
    account,
    verification,
    rateLimit,
    userRelations,
    sessionRelations,
    accountRelations,
  };
}

export const {
  user,
  session,
  account,
  verification,
  rateLimit,
  userRelations,
  sessionRelations,
  accountRelations,
} = createAuthTables({ user: userColumns, session: sessionColumns });

/** What a start of a deployment leaves behind, for others to see whether they read the same database (canary.ts). */
export const deploymentCanary = pgTable('deployment_canary', {
  /** Random, and no secret. */
  canary: text('canary').primaryKey(),
  baseUrl: text('base_url').notNull(),
  environment: text('environment').notNull(),
  /** Neon's branch it was left on. A branch made from it holds the row too, and tells itself apart by this. */
  branch: text('branch'),
  /** Name and attributes of its session cookie (describeCookie): a start tells when they have changed since. */
  cookiePolicy: text('cookie_policy'),
  leftAt: time('left_at').defaultNow().notNull(),
  /** Fingerprints of the secrets it verifies with, the one that signs first, comma-separated. */
  secrets: text('secrets'),
});
