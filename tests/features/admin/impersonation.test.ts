/** An operator acts as a user: what is visible, what is refused, when it ends, and the way back. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { storedEvents } from '../../support/audit-events.js';
import { sensitiveEndpoints } from '../../../src/auth/sensitive-endpoints.js';
import {
  MailVisitor,
  startMailingService,
  type MailingService,
} from '../../support/mailed-link.js';
import { createUsers } from '../../../src/operator/users.js';
import { adminEnv, newOperator, OperatorBrowser } from '../../support/operators.js';
import { startTestService, type TestService } from '../../support/test-service.js';

const env = { ...adminEnv, ADMIN_IMPERSONATION: 'on', JWT_TOKENS: 'on' };
const reason = 'ticket 4711: cannot see the chapter';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ env });
});
afterAll(() => service.stop());

async function impersonating(of = service): Promise<{
  operator: OperatorBrowser;
  operatorId: string;
  visitor: OperatorBrowser;
  id: string;
}> {
  const operator = await newOperator(of);
  const visitor = new OperatorBrowser(of);
  await visitor.signUp();
  const id = await visitor.userId();
  const operatorId = await operator.userId();
  const { status, text } = await operator.act(id, 'impersonate', { reason });
  expect([status, text]).toEqual([200, expect.stringContaining('expiresAt')]);
  return { operator, operatorId, visitor, id };
}

test('the session, get-session and a token say who acts as whom', async () => {
  const { operator, operatorId, id } = await impersonating();
  const { json } = await operator.ask('/session');
  expect(json).toMatchObject({
    user: { id, role: null },
    session: { impersonatedBy: operatorId, aal: 1, methods: [], provenAt: new Date(0).toJSON() },
  });
  expect((await operator.getSession()).json).toMatchObject({
    session: { impersonatedBy: operatorId },
  });
  const { json: issued } = await operator.ask('/api/auth/token');
  const payload = String(issued?.token).split('.')[1] ?? '';
  expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({
    sub: id,
    act: { sub: operatorId },
    acr: 'aal1',
    auth_time: 0,
  });
});

test('the reason and the operator are in the audit trail, and no token is', async () => {
  const { operator, operatorId, id } = await impersonating();
  await operator.admin('/stop-impersonating', { body: {} });
  const events = (await storedEvents(service)).filter(
    ({ kind, user_id }) => kind === 'impersonation' && user_id === id,
  );
  expect(events).toMatchObject([
    { actor: 'operator', actor_id: operatorId, details: { reason, state: 'begin' } },
    { actor: 'operator', actor_id: operatorId, details: { state: 'end' } },
  ]);
});

describe('what is refused', () => {
  test.each([[undefined], [''], ['ab'], ['x'.repeat(201)], ['null \0 character'], [4711]])(
    'a reason such as %j',
    async (given) => {
      const operator = await newOperator(service);
      const answer = await operator.act('nobody', 'impersonate', { reason: given });
      expect([answer.status, answer.json?.field]).toEqual([400, 'reason']);
    },
  );

  test('another operator, oneself, and a locked user', async () => {
    const operator = await newOperator(service);
    const other = await newOperator(service);
    const codeFor = async (id: string) =>
      (await operator.act(id, 'impersonate', { reason })).json?.code;
    expect(await codeFor(await other.userId())).toBe('USER_IS_ADMIN');
    expect(await codeFor(await operator.userId())).toBe('USER_IS_ADMIN');
    const visitor = new OperatorBrowser(service);
    await visitor.signUp();
    await operator.act(await visitor.userId(), 'lock');
    expect(await codeFor(await visitor.userId())).toBe('USER_IS_LOCKED');
  });

  test('every sensitive action, every change of the account, and a step-up', async () => {
    const { operator, visitor, id } = await impersonating();
    const before = await service.database.query('select * from "user" where id = $1', [id]);
    const others = ['/update-user', '/step-up', '/verify-password', '/revoke-session'];
    const more = ['/revoke-sessions', '/revoke-other-sessions', '/two-factor/verify-totp'];
    for (const path of [...sensitiveEndpoints, ...others, ...more]) {
      const isGet = path === '/passkey/generate-register-options';
      const body = {
        name: 'x',
        newPassword: 'a new passphrase',
        currentPassword: visitor.password,
      };
      const { status, json } = await operator.ask(
        `/api/auth${path}`,
        isGet ? {} : { body: { ...body, password: visitor.password } },
      );
      // Endpoints of features that are off.
      if (status === 404) continue;
      expect([path, status, json?.code]).toEqual([path, 403, 'IMPERSONATING']);
    }
    expect(await service.database.query('select * from "user" where id = $1', [id])).toEqual(
      before,
    );
    expect((await visitor.ask('/session')).status).toBe(200);
    expect((await visitor.signIn()).status).toBe(200);
  });

  test('the API for operators', async () => {
    const { operator, id } = await impersonating();
    expect((await operator.admin('/users')).json?.code).toBe('IMPERSONATING');
    expect((await operator.act(id, 'impersonate', { reason })).json?.code).toBe('IMPERSONATING');
  });

  test('with ADMIN_IMPERSONATION=off the route does not exist', async () => {
    const off = await startTestService({ env: adminEnv });
    try {
      const operator = await newOperator(off);
      expect((await operator.act('x', 'impersonate', { reason })).status).toBe(404);
    } finally {
      await off.stop();
    }
  });
});

describe('the end', () => {
  test('after an hour, however often it is used, also by a forwarded cookie without others', async () => {
    const { operator, visitor, id } = await impersonating();
    const isOwn = `user_id = $1 and impersonated_by is not null`;
    // As an API does, which forwards one cookie only.
    const cookie = `better-auth.session_token=${operator.sessionCookie}`;
    const forward = () => visitor.ask('/api/auth/get-session', { headers: { cookie } });
    for (const minutes of [20, 40, 59]) {
      await service.database.query(
        `update session set created_at = now() - make_interval(mins => $2),
         expires_at = now() - make_interval(mins => $2) + interval '1 hour' where ${isOwn}`,
        [id, minutes],
      );
      expect((await operator.ask('/session')).status).toBe(200);
      expect((await operator.getSession()).status).toBe(200);
      expect((await forward()).json).toMatchObject({ user: { id } });
      const [row] = await service.database.query<{ left: number }>(
        `select extract(epoch from expires_at - created_at)::int as left from session where ${isOwn}`,
        [id],
      );
      expect(row?.left).toBe(3600);
    }
    // Even if something else had extended it.
    await service.database.query(
      `update session set created_at = now() - interval '61 minutes', expires_at = now() + interval '6 days' where ${isOwn}`,
      [id],
    );
    expect((await operator.ask('/session')).status).toBe(401);
    expect((await forward()).text).toBe('null');
  });

  test('stop-impersonating gives the operator their own session back', async () => {
    const { operator, operatorId, visitor } = await impersonating();
    const impersonated = new Map(operator.cookies);
    const { status, json } = await operator.admin('/stop-impersonating', { body: {} });
    expect([status, json]).toEqual([200, { restored: true }]);
    expect((await operator.ask('/session')).json).toMatchObject({ user: { id: operatorId } });
    expect((await operator.admin('/users')).status).toBe(200);
    const old = new OperatorBrowser(service);
    for (const [name, value] of impersonated) old.cookies.set(name, value);
    expect((await old.ask('/session')).status).toBe(401);
    expect((await visitor.ask('/session')).status).toBe(200);
  });

  test('without the kept cookie, or with that of somebody else, it signs out', async () => {
    for (const forge of [
      (operator: OperatorBrowser) => operator.cookies.delete('better-auth.operator_session'),
      (operator: OperatorBrowser, other: OperatorBrowser) =>
        operator.cookies.set('better-auth.operator_session', other.sessionCookie),
    ]) {
      const { operator, visitor } = await impersonating();
      forge(operator, visitor);
      const { json } = await operator.admin('/stop-impersonating', { body: {} });
      expect(json).toEqual({ restored: false });
      expect((await operator.ask('/session')).status).toBe(401);
    }
  });

  test('it needs an impersonated session and a page of this service', async () => {
    const operator = await newOperator(service);
    const plain = await operator.admin('/stop-impersonating', { body: {} });
    expect([plain.status, plain.json?.code]).toEqual([409, 'NOT_IMPERSONATING']);
    const nobody = new OperatorBrowser(service);
    expect((await nobody.admin('/stop-impersonating', { body: {} })).status).toBe(401);
    const { operator: acting } = await impersonating();
    for (const origin of ['http://localhost:3000', 'https://evil.example', null]) {
      const { status } = await acting.admin('/stop-impersonating', { body: {}, origin });
      expect(status).toBe(403);
    }
  });

  test('it ends with a lock of the user, and with a lock of the operator', async () => {
    const first = await impersonating();
    const boss = await newOperator(service);
    await boss.act(first.id, 'lock');
    expect((await first.operator.ask('/session')).status).toBe(401);
    const second = await impersonating();
    await boss.act(second.operatorId, 'lock');
    expect((await second.operator.ask('/session')).status).toBe(401);
  });

  test.each(['lock', 'signOut', 'remove'] as const)(
    'with a command on the operator: %s',
    async (command) => {
      await newOperator(service); // the operator is not the last one
      const { operator, operatorId } = await impersonating();
      await createUsers(service.orm, 30 * 86_400)[command](operatorId);
      expect((await operator.ask('/session')).status).toBe(401);
    },
  );
});

test('ADMIN_IMPERSONATION_NOTICE=on mails the user', async () => {
  const mailing: MailingService = await startMailingService({
    ...env,
    ADMIN_IMPERSONATION_NOTICE: 'on',
  });
  try {
    const operator = await newOperator(mailing);
    const owner = new MailVisitor(mailing);
    await owner.signUp();
    const { json } = await owner.ask('/session');
    await operator.act((json?.user as { id: string }).id, 'impersonate', { reason });
    const mails = await mailing.mailsTo(owner.email, 1);
    const mail = mails.find(({ subject }) => subject === 'Support is looking at your account');
    expect(mail?.text).not.toContain('4711');
    expect(mail).toBeDefined();
  } finally {
    await mailing.stop();
  }
});
