/** A feature for tests: columns of every type on `user` and `session`, one of which is not returned. */
import { integer, jsonb, text, timestamp } from 'drizzle-orm/pg-core';
import { allTables, type Tables } from '../../src/db/all-tables.js';
import { createAuthTables } from '../../src/db/schema.js';
import { sessionColumns, userColumns } from '../../src/features/columns.js';
import type { ActiveFeature } from '../../src/features/slots.js';

export const extraColumns: ActiveFeature = {
  name: 'extra-columns',
  publicFields: {
    user: ['nickname', 'preferences'],
    session: ['signInMethod'],
  },
  loadInputRule: () => Promise.resolve(undefined),
  createRoutes: () => [],
  findStartupFaults: () => Promise.resolve([]),
  loadAuthPart: () =>
    Promise.resolve({
      plugins: [
        {
          id: 'extra-columns',
          schema: {
            user: {
              fields: {
                nickname: { type: 'string', required: false },
                moderatorNote: { type: 'string', required: false, returned: false },
                preferences: { type: 'json', required: false },
              },
            },
            session: {
              fields: {
                signInMethod: { type: 'string', required: false },
                riskScore: { type: 'number', required: false, returned: false },
                promptedAt: { type: 'date', required: false },
              },
            },
          },
        },
      ],
    }),
};

/** The service's tables with those columns. */
export const tablesWithExtraColumns = {
  ...allTables,
  ...createAuthTables({
    user: {
      ...userColumns,
      moderatorNote: text('moderator_note'),
      nickname: text('nickname'),
      preferences: jsonb('preferences'),
    },
    session: {
      ...sessionColumns,
      promptedAt: timestamp('prompted_at', { withTimezone: true }),
      riskScore: integer('risk_score'),
      signInMethod: text('sign_in_method'),
    },
  }),
} as unknown as Tables;

/** The statements that a migration would have. */
export const addExtraColumns = `
  alter table "user" add moderator_note text, add nickname text, add preferences jsonb;
  alter table session add prompted_at timestamptz, add risk_score integer, add sign_in_method text`;
