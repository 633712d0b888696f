/** However an account is deleted: no table keeps a row of its user, except the mails that say so. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sweep } from '../src/db/sweep.js';
import { createUsers } from '../src/operator/users.js';
import { MailVisitor, startMailingService, type MailingService } from './support/mailed-link.js';
import type { Visitor } from './support/visitor.js';

let service: MailingService;
beforeAll(async () => {
  service = await startMailingService({ CHANGE_EMAIL: 'on' });
});
afterAll(() => service.stop());

const dayMs = 86_400_000;

/** A user with a row in every table of users. */
async function userEverywhere(): Promise<{ owner: Visitor; id: string }> {
  const owner = new MailVisitor(service);
  expect((await owner.signUp()).status).toBe(200);
  await owner.ask('/api/auth/request-password-reset', { body: { email: owner.email } });
  await service.tokenFor(owner.email);
  const [row] = await service.database.query<{ id: string }>(
    `insert into mailed_link (id, purpose, user_id, email, created_at, expires_at)
     select 'undo-' || id, 'undo_change', id, 'previous@example.com', now(), now() + interval '3 days'
     from "user" where email = $1 returning user_id as id`,
    [owner.email],
  );
  const id = row?.id ?? '';
  expect(await rowsOf(id)).toEqual(['account', 'known_device', 'mailed_link', 'session']);
  return { owner, id };
}

/** The tables with rows of the user. */
async function rowsOf(id: string): Promise<string[]> {
  const tables = await service.database.query<{ name: string }>(
    `select table_name as name from information_schema.columns
     where table_schema = 'public' and column_name = 'user_id'
       and table_name <> 'mail_outbox' and table_name <> 'webhook_delivery'
       and table_name not like 'audit_event%'
     order by name`,
  );
  const kept = await Promise.all(
    tables.map(async ({ name }) => {
      const rows = await service.database.query(`select 1 from ${name} where user_id = $1`, [id]);
      return rows.length > 0 ? [name] : [];
    }),
  );
  return kept.flat();
}

const deletions: [string, (owner: Visitor, id: string) => Promise<unknown>][] = [
  [
    'by the user',
    async (owner) => {
      const body = { password: owner.password };
      expect((await owner.ask('/api/auth/delete-user', { body })).status).toBe(200);
    },
  ],
  [
    'by the sweep, after the days of grace',
    async (_owner, id) => {
      await service.database.query(
        `update "user" set delete_after = now() - interval '1 minute' where id = $1`,
        [id],
      );
      const { user } = await sweep(service.orm, {
        now: new Date(),
        lifetime: { absoluteSeconds: (30 * dayMs) / 1000 },
        withinMs: 10_000,
        retention: { audit_event: 90 },
      });
      expect(user).toBe(1);
    },
  ],
  ['by an operator', (_owner, id) => createUsers(service.orm, 30 * dayMs).remove(id)],
];

test.each(deletions)('%s', async (_how, remove) => {
  const { owner, id } = await userEverywhere();
  await remove(owner, id);
  expect(await rowsOf(id)).toEqual([]);
  const users = await service.database.query('select 1 from "user" where id = $1', [id]);
  expect(users).toEqual([]);
});
