/** An event and the change that it reports are written together: where the event cannot be written, nothing has changed. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestService, type TestService } from '../../support/test-service.js';
import { Visitor, type Answer } from '../../support/visitor.js';

const diagnosticsToken = 'Zk4t8Mp0aWq2xYc7vN1sLd5hRf9gJb3e';
let service: TestService;
let user: Visitor;

beforeAll(async () => {
  service = await startTestService({ env: { DIAGNOSTICS_TOKEN: diagnosticsToken } });
  await service.database.query(`
    create function refuse_event() returns trigger language plpgsql as
      $$ begin raise exception 'no space left' using errcode = 'disk_full'; end $$`);
});
afterAll(() => service.stop());
beforeEach(async () => {
  user = new Visitor(service);
  expect((await user.signUp()).status).toBe(200);
});

const credentials = () => ({ email: user.email, password: user.password });
const post = (endpoint: string, body: object = {}) => user.ask(`/api/auth${endpoint}`, { body });

/** How many events were written: as the service counts them, and in the table without those that have a count. */
async function written(): Promise<{ readonly counted: number; readonly stored: number }> {
  await service.audit?.flush();
  const [row] = await service.database.query<{ n: number }>(
    `select count(*)::int as n from audit_event where first_at is null and actor = 'user'`,
  );
  const headers = { 'x-diagnostics-token': diagnosticsToken };
  const { text } = await new Visitor(service).ask('/metrics', { headers });
  const counted = /auth_audit_events_total\{result="written"\} (\d+)/.exec(text)?.[1];
  return { counted: Number(counted), stored: row?.n ?? NaN };
}

/** All that the changes could have changed. */
async function state(): Promise<unknown> {
  const [row] = await service.database.query<{ all: unknown }>(`
    select jsonb_build_object(
      'users', (select jsonb_agg(to_jsonb(u) order by id) from "user" u),
      'accounts', (select jsonb_agg(to_jsonb(a) order by id) from account a),
      'sessions', (select jsonb_agg(to_jsonb(s) - 'last_seen_at' order by id) from session s),
      'ended', (select count(*) from ended_session),
      -- Without that of the deployment, which is written in the background.
      'events', (select count(*) from audit_event where outcome = 'success' and actor = 'user')
    ) as all`);
  return row?.all;
}

const changes: Readonly<Record<string, () => Promise<Answer>>> = {
  sign_up: () => new Visitor(service).signUp(),
  sign_in: () => user.signIn(),
  sign_out: () => user.signOut(),
  session_revoke: () => post('/revoke-other-sessions'),
  password_change: () =>
    post('/change-password', {
      currentPassword: user.password,
      newPassword: 'another-password-0123',
      revokeOtherSessions: false,
    }),
  profile_change: () => post('/update-user', { name: 'Another Name' }),
  step_up: () => post('/step-up', { password: user.password }),
};

test.each(Object.entries(changes))(
  '%s: nothing is changed if its event cannot be written',
  async (kind, change) => {
    const other = Object.assign(new Visitor(service), credentials());
    expect((await other.signIn()).status).toBe(200); // a session that can be revoked
    await service.audit?.flush();
    const before = await state();
    const { counted, stored } = await written();
    await service.database.query(
      `create trigger refuse before insert on audit_event for each row
       when (new.kind = '${kind}') execute function refuse_event()`,
    );
    const answer = await change();
    await service.database.query('drop trigger refuse on audit_event');
    expect([answer.status, await state()]).toEqual([503, before]);
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect((await changes[kind]?.())?.status).toBe(200);
    expect(await state()).not.toEqual(before);
    const after = await written();
    expect(after.counted - counted).toBe(after.stored - stored);
  },
);
