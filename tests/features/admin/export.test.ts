/** The export of a user: complete by the schema, and without a secret. */
import { getTableColumns, getTableName, is } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allTables } from '../../../src/db/all-tables.js';
import {
  exportPlan,
  notExported,
  type ExportedTable,
} from '../../../src/features/admin/auth/export-plan.js';
import { storedEvents } from '../../support/audit-events.js';
import { enrol } from '../../support/second-factor.js';
import { adminEnv, newOperator, OperatorBrowser } from '../../support/operators.js';
import { startTestService, type TestService } from '../../support/test-service.js';

const plan: Readonly<Record<string, ExportedTable>> = exportPlan;
const tables = Object.values(allTables).flatMap((table) => (is(table, PgTable) ? [table] : []));

describe.each(tables.map((table) => [getTableName(table), table] as const))('%s', (name, table) => {
  const columns = Object.keys(getTableColumns(table));

  test('is exported, or there is a reason why not', () => {
    expect([name in plan, name in notExported].filter(Boolean)).toHaveLength(1);
  });

  test.runIf(name in plan)('every column is exported, or there is a reason why not', () => {
    const planned = plan[name];
    expect([...(planned?.columns ?? []), ...Object.keys(planned?.omitted ?? {})].sort()).toEqual(
      [...columns].sort(),
    );
    expect(columns).toContain(planned?.by);
  });

  test.runIf(columns.includes('userId'))('has a user, so it is exported', () => {
    expect(plan[name]?.by).toBe('userId');
  });
});

describe('the document', () => {
  let service: TestService;
  let operator: OperatorBrowser;
  beforeAll(async () => {
    service = await startTestService({ env: adminEnv });
    operator = await newOperator(service);
  });
  afterAll(() => service.stop());

  test('has what is stored about this user only, and no credential', async () => {
    const visitor = new OperatorBrowser(service);
    await visitor.signUp();
    await enrol(service, visitor);
    const other = new OperatorBrowser(service);
    await other.signUp();
    const id = await visitor.userId();
    const { status, json, text } = await operator.act(id, 'export');
    expect(status).toBe(200);
    expect(json).toMatchObject({
      userId: id,
      truncatedTables: [],
      tables: {
        user: [{ id, email: visitor.email }],
        session: [{ aal: 2 }],
        account: [{ providerId: 'credential' }],
        totp_secret: [{ confirmedAt: expect.any(String) as string }],
      },
    });
    const exported = json?.tables as Record<string, Record<string, unknown>[]>;
    expect(Object.keys(exported).sort()).toEqual(Object.keys(plan).sort());
    expect(exported.audit_event?.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['sign_up', 'user_export']),
    );
    expect(text).not.toContain(other.email);
    const rows = await service.database.query<Record<string, string>>(
      `select a.password, s.secret, t.token, b.id as code from account a
       join totp_secret s using (user_id) join session t using (user_id) join backup_code b using (user_id)
       where a.user_id = $1`,
      [id],
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const secrets of rows) {
      for (const secret of Object.values(secrets)) expect(text).not.toContain(secret);
    }
    const event = (await storedEvents(service)).find(({ kind }) => kind === 'user_export');
    expect(event).toMatchObject({ user_id: id, actor: 'operator' });
  });
});
