import { getTableConfig } from 'drizzle-orm/pg-core';
import { user } from '../../src/db/schema.js';

const coreColumns = 'id name email email_verified image created_at updated_at'.split(' ');

/** The columns of features in a CREATE TABLE statement. */
const featureColumns = getTableConfig(user)
  .columns.filter(({ name }) => !coreColumns.includes(name))
  .map((column) => {
    const { name, notNull, default: value } = column;
    const rule = `${value === undefined ? '' : ` DEFAULT ${JSON.stringify(value)}`}${notNull ? ' NOT NULL' : ''}`;
    return `"${name}" ${column.getSQLType()}${rule}, `;
  })
  .join('');

/** Manual changes to a database, the parts that /ready then names, and the first reported fix. */
export const schemaFaults: [what: string, change: string, parts: string[], statement: string][] = [
  [
    'a dropped column',
    'alter table session drop column ip_address',
    ['session.ip_address'],
    'ALTER TABLE "session" ADD COLUMN "ip_address" text',
  ],
  [
    'a dropped column with a default',
    'alter table "user" drop column email_verified',
    ['user.email_verified'],
    'ALTER TABLE "user" ADD COLUMN "email_verified" boolean DEFAULT false NOT NULL',
  ],
  [
    'a changed type',
    'alter table rate_limit alter column last_request type integer',
    ['rate_limit.last_request'],
    'ALTER TABLE "rate_limit" ALTER COLUMN "last_request" SET DATA TYPE bigint USING "last_request"::bigint',
  ],
  [
    'a timestamp without time zone',
    'alter table session alter column created_at type timestamp',
    ['session.created_at'],
    `ALTER TABLE "session" ALTER COLUMN "created_at" DROP DEFAULT, ALTER COLUMN "created_at" SET DATA TYPE timestamp with time zone USING "created_at" AT TIME ZONE 'UTC', ALTER COLUMN "created_at" SET DEFAULT now()`,
  ],
  [
    'a dropped NOT NULL',
    'alter table session alter column token drop not null',
    ['session.token'],
    'ALTER TABLE "session" ALTER COLUMN "token" SET NOT NULL',
  ],
  [
    'an additional NOT NULL',
    'alter table "user" alter column image set not null',
    ['user.image'],
    'ALTER TABLE "user" ALTER COLUMN "image" DROP NOT NULL',
  ],
  [
    'a dropped default',
    'alter table account alter column updated_at drop default',
    ['account.updated_at'],
    'ALTER TABLE "account" ALTER COLUMN "updated_at" SET DEFAULT now()',
  ],
  [
    'a changed default',
    'alter table "user" alter column email_verified set default true',
    ['user.email_verified'],
    'ALTER TABLE "user" ALTER COLUMN "email_verified" SET DEFAULT false',
  ],
  [
    'a dropped index',
    'drop index session_user_id_idx',
    ['session.session_user_id_idx'],
    'CREATE INDEX "session_user_id_idx" ON "session" USING btree ("user_id")',
  ],
  [
    'an index whose build failed',
    `update pg_index set indisvalid = false where indexrelid = 'session_user_id_idx'::regclass`,
    ['session.session_user_id_idx'],
    'DROP INDEX "session_user_id_idx"; CREATE INDEX "session_user_id_idx" ON "session" USING btree ("user_id")',
  ],
  [
    'an index on another column',
    'drop index session_user_id_idx; create index session_user_id_idx on session (user_agent)',
    ['session.session_user_id_idx'],
    'DROP INDEX "session_user_id_idx"; CREATE INDEX "session_user_id_idx" ON "session" USING btree ("user_id")',
  ],
  [
    'an index of that name on another table',
    'drop index session_user_id_idx; create index session_user_id_idx on verification (value)',
    ['session.session_user_id_idx'],
    'DROP INDEX "session_user_id_idx"; CREATE INDEX "session_user_id_idx" ON "session" USING btree ("user_id")',
  ],
  [
    'a non-unique index instead of a unique one',
    'drop index account_provider_id_account_id_key; create index account_provider_id_account_id_key on account (provider_id, account_id)',
    ['account.account_provider_id_account_id_key'],
    'DROP INDEX "account_provider_id_account_id_key"; CREATE UNIQUE INDEX "account_provider_id_account_id_key" ON "account" USING btree ("provider_id", "account_id")',
  ],
  [
    'a partial unique index',
    `alter table "user" drop constraint user_email_unique; create unique index user_email_unique on "user" (email) where email_verified`,
    ['user.user_email_unique'],
    'DROP INDEX "user_email_unique"; ALTER TABLE "user" ADD CONSTRAINT "user_email_unique" UNIQUE("email")',
  ],
  [
    'a unique constraint on another column',
    `alter table session drop constraint session_token_unique, add constraint session_token_unique unique (user_agent)`,
    ['session.session_token_unique'],
    'ALTER TABLE "session" DROP CONSTRAINT "session_token_unique"; ALTER TABLE "session" ADD CONSTRAINT "session_token_unique" UNIQUE("token")',
  ],
  [
    'a dropped primary key',
    'alter table rate_limit drop constraint rate_limit_pkey',
    ['rate_limit'],
    'ALTER TABLE "rate_limit" ADD PRIMARY KEY ("id")',
  ],
  [
    'a dropped foreign key',
    'alter table session drop constraint session_user_id_user_id_fk',
    ['session.session_user_id_user_id_fk'],
    'ALTER TABLE "session" ADD CONSTRAINT "session_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE cascade ON UPDATE no action',
  ],
  [
    'a foreign key that prevents deleting a user with sessions',
    'alter table session drop constraint session_user_id_user_id_fk, add constraint kept foreign key (user_id) references "user" (id)',
    ['session.session_user_id_user_id_fk'],
    'ALTER TABLE "session" DROP CONSTRAINT "kept", ADD CONSTRAINT "session_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE cascade ON UPDATE no action',
  ],
  [
    'a dropped table',
    'drop table rate_limit',
    ['rate_limit'],
    'CREATE TABLE "rate_limit" ("id" text NOT NULL, "key" text NOT NULL, "count" integer NOT NULL, "last_request" bigint NOT NULL, PRIMARY KEY ("id"), CONSTRAINT "rate_limit_key_unique" UNIQUE("key")); CREATE INDEX "rate_limit_last_request_idx" ON "rate_limit" USING btree ("last_request")',
  ],
  [
    'a dropped table that others reference, and another that references it',
    'drop table session; drop table "user" cascade',
    [
      'user',
      'session',
      'session.session_user_id_user_id_fk',
      'account.account_user_id_user_id_fk',
      'passkey.passkey_user_id_user_id_fk',
      'passkey_user.passkey_user_user_id_user_id_fk',
      'known_device.known_device_user_id_user_id_fk',
      'totp_secret.totp_secret_user_id_user_id_fk',
      'backup_code.backup_code_user_id_user_id_fk',
    ],
    `CREATE TABLE "user" ("id" text NOT NULL, "name" text NOT NULL, "email" text NOT NULL, "email_verified" boolean DEFAULT false NOT NULL, "image" text, "created_at" timestamp with time zone DEFAULT now() NOT NULL, "updated_at" timestamp with time zone DEFAULT now() NOT NULL, ${featureColumns}PRIMARY KEY ("id"), CONSTRAINT "user_email_unique" UNIQUE("email")); CREATE INDEX "user_delete_after_idx" ON "user" USING btree ("delete_after"); CREATE INDEX "user_email_prefix_idx" ON "user" USING btree ("email" text_pattern_ops); CREATE INDEX "user_role_idx" ON "user" USING btree ("role")`,
  ],
];
