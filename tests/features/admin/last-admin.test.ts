/** One operator stays: the last one is not deleted, locked or stripped of the role, whichever way and however many at once. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createCommandTrail } from '../../../src/features/create-feature-audit.js';
import { createLogger } from '../../../src/log/logger.js';
import { recordCommands } from '../../../src/operator/audit.js';
import { grantRole, revokeRole } from '../../../src/operator/roles.js';
import { createUsers } from '../../../src/operator/users.js';
import { auditEvent } from '../../support/audit-events.js';
import { startMailingService, type MailingService } from '../../support/mailed-link.js';
import { adminEnv, newOperator, OperatorBrowser } from '../../support/operators.js';
import { startTestService, type TestService } from '../../support/test-service.js';

const fix = 'npm run user -- grant EMAIL admin';
const path = '/api/auth/delete-user';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ env: adminEnv });
});
afterEach(() => service.database.query(`update "user" set role = null`));
afterAll(() => service.stop());

async function adminsOf(of: Pick<TestService, 'database'> = service): Promise<string[]> {
  const rows = await of.database.query<{ id: string }>(
    `select id from "user" where role = 'admin' and locked_at is null and delete_after is null`,
  );
  return rows.map(({ id }) => id);
}

const deleteOwn = (operator: OperatorBrowser) =>
  operator.ask(path, { body: { password: operator.password } });

describe('the last admin cannot delete their own account', () => {
  test('with the password: 409 with what to do first, and an event with the reason', async () => {
    const last = await newOperator(service);
    const refused = await deleteOwn(last);
    expect([refused.status, refused.json?.code]).toEqual([409, 'LAST_ADMIN']);
    expect(refused.json?.message).toContain(fix);
    expect((await last.ask('/session')).status).toBe(200);
    const userId = await last.userId();
    const event = await auditEvent(
      service,
      (one) => one.user_id === userId && one.reason === 'last_admin',
    );
    expect(event).toMatchObject({ kind: 'account_deletion_request', outcome: 'refused' });
    await newOperator(service);
    expect((await deleteOwn(last)).status).toBe(200);
    expect(await last.userId()).toBe('');
  });

  test('not with a locked admin, or one whose deletion is scheduled, as the only other', async () => {
    const [last, other] = [await newOperator(service), await newOperator(service)];
    for (const column of ['locked_at', 'delete_after']) {
      const own = [other.email];
      await service.database.query(
        `update "user" set locked_at = null, delete_after = null where email = $1`,
        own,
      );
      await service.database.query(
        `update "user" set ${column} = now() + interval '1 day' where email = $1`,
        own,
      );
      expect((await deleteOwn(last)).json?.code).toBe('LAST_ADMIN');
    }
  });

  test('a role of a similar name is not the role', async () => {
    const last = await newOperator(service);
    await new OperatorBrowser(service).become({ role: 'administrator,no-admin', aal: 2 });
    expect((await deleteOwn(last)).json?.code).toBe('LAST_ADMIN');
    const other = await new OperatorBrowser(service).become({ role: 'editor' });
    expect((await deleteOwn(other)).status).toBe(200);
  });

  describe.each([
    ['by mail', {}],
    ['by mail, with days to call it off', { DELETE_GRACE_DAYS: '7' }],
  ])('%s', (_title, env) => {
    let mailing: MailingService;
    beforeAll(async () => {
      mailing = await startMailingService({ ...adminEnv, ...env });
    });
    afterAll(() => mailing.stop());

    test('no link is mailed, and one that was mailed before is refused and stays valid', async () => {
      const [first, second] = [await newOperator(mailing), await newOperator(mailing)];
      expect((await first.ask(path, { body: {} })).status).toBe(200);
      const token = await mailing.tokenFor(first.email);
      expect((await deleteOwn(second)).status).toBe(200);
      const redeem = () => first.ask(`${path}/verify`, { body: { token } });
      const refused = await redeem();
      expect([refused.status, refused.json?.code]).toEqual([409, 'LAST_ADMIN']);
      const asked = await first.ask(path, { body: {} });
      expect([asked.status, asked.json?.code]).toEqual([409, 'LAST_ADMIN']);
      expect((await deleteOwn(first)).json?.code).toBe('LAST_ADMIN');
      expect(await adminsOf(mailing)).toEqual([await first.userId()]);
      await newOperator(mailing);
      expect((await redeem()).status).toBe(200);
    });
  });
});

/** Two operators who are removed at the same time, in ways that differ. */
const races: Readonly<
  Record<string, (one: OperatorBrowser, other: OperatorBrowser) => Promise<number>>
> = {
  'each deletes their own account': async (one) => (await deleteOwn(one)).status,
  'each deletes the other': async (one, other) =>
    (await one.act(await other.userId(), 'delete')).status,
  'each locks the other': async (one, other) =>
    (await one.act(await other.userId(), 'lock')).status,
  'a command withdraws the role of each': async (one) => {
    const id = await one.userId();
    return service.orm
      .transaction((tx) => revokeRole(tx, id, 'admin'))
      .then(
        () => 200,
        () => 409,
      );
  },
};

test.each(Object.entries(races))('%s, at once: one of them stays', async (_title, remove) => {
  for (let round = 0; round < 5; round += 1) {
    await service.database.query(`update "user" set role = null`);
    const [first, second] = [await newOperator(service), await newOperator(service)];
    const statuses = await Promise.all([remove(first, second), remove(second, first)]);
    expect(await adminsOf()).toHaveLength(1);
    // The other one was not an operator any more, or not the last one.
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    for (const status of statuses) expect([200, 401, 403, 409]).toContain(status);
  }
});

test('three operators who are removed in three ways at once: one stays', async () => {
  for (let round = 0; round < 5; round += 1) {
    await service.database.query(`update "user" set role = null`);
    const made = [
      await newOperator(service),
      await newOperator(service),
      await newOperator(service),
    ];
    const [first, second, third] = made as [OperatorBrowser, OperatorBrowser, OperatorBrowser];
    await Promise.all([
      deleteOwn(first),
      first.act(await second.userId(), 'lock'),
      races['a command withdraws the role of each']?.(third, first),
    ]);
    expect((await adminsOf()).length).toBeGreaterThan(0);
  }
});

describe('a command', () => {
  const logger = createLogger('info', { write: () => undefined });
  const now = () => new Date();

  test('refuses the last admin in every way, and records grants and withdrawals', async () => {
    const last = await newOperator(service);
    const id = await last.userId();
    const { pool, orm } = service;
    const record = recordCommands(createCommandTrail({}, { database: { pool, orm }, now, logger }));
    const users = createUsers(orm, 86_400, record);
    const refused = { name: 'LastAdminError', message: expect.stringContaining(fix) as string };
    await expect(users.lock(id)).rejects.toMatchObject(refused);
    await expect(users.remove(id)).rejects.toMatchObject(refused);
    await expect(
      orm.transaction((tx) => revokeRole(tx, id, 'admin', record)),
    ).rejects.toMatchObject(refused);
    expect(await adminsOf()).toEqual([id]);

    const other = await new OperatorBrowser(service).become({});
    const otherId = await other.userId();
    for (const change of [grantRole, grantRole, revokeRole, revokeRole]) {
      await orm.transaction((tx) => change(tx, otherId, 'admin', record));
    }
    const { rows } = await pool.query(
      `select kind, actor, actor_id, details from audit_event where user_id = '${otherId}' and kind = 'role_grant' order by at`,
    );
    const common = { kind: 'role_grant', actor: 'operator', actor_id: 'command' };
    // A second grant, and a second withdrawal, change nothing.
    expect(rows).toEqual([
      { ...common, details: { granted: 'admin', roles: ['admin'] } },
      { ...common, details: { revoked: 'admin', roles: [] } },
    ]);
    const story = await last.admin(`/users/${otherId}/story`);
    const sentences = (story.json?.events as { sentence: string }[]).map(
      ({ sentence }) => sentence,
    );
    expect(sentences).toContain('An operator granted the role admin (by a command).');
    expect(sentences).toContain('An operator withdrew the role admin (by a command).');
  });
});
