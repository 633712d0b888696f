/** A form of the console whose proof is too old: the page names the action and the user, and has a way back. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { apiRoutes, type ApiRoute } from '../../../src/features/admin/api-routes.js';
import { auditEvent } from '../../support/audit-events.js';
import { adminEnv, OperatorBrowser } from '../../support/operators.js';
import { startTestService, type TestService } from '../../support/test-service.js';
import type { Answer } from '../../support/visitor.js';

let service: TestService;
let stale: OperatorBrowser;
let victim: OperatorBrowser;
let id: string;
beforeAll(async () => {
  service = await startTestService({ env: { ...adminEnv, ADMIN_IMPERSONATION: 'on' } });
  const proof = { role: 'admin', aal: 2, provenMinutesAgo: 11 } as const;
  stale = await new OperatorBrowser(service).become(proof);
  victim = await new OperatorBrowser(service).become({});
  id = await victim.userId();
});
afterAll(() => service.stop());

const send = (
  action: string,
  fields: Readonly<Record<string, string>> = {},
  as = stale,
  userId = id,
): Promise<Answer> =>
  as.ask(`/console/users/${userId}/${action}`, {
    method: 'POST',
    body: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });

const labels: Readonly<Record<string, string>> = {
  'sign-out': 'Sign out everywhere',
  lock: 'Lock',
  unlock: 'Unlock',
  'lift-limits': 'Lift limits',
  'set-password': 'Set the password',
  'mail-password-reset': 'Mail a link for a new password',
  'remove-factors': 'Remove second factors',
  'verify-email': 'Mark the address as verified',
  delete: 'Delete for good',
  impersonate: 'Act as this user for an hour',
  export: 'Export',
};

const actions = (Object.values(apiRoutes) as readonly ApiRoute[])
  .filter(({ method }) => method === 'POST')
  .map(({ path }) => path.replace('/users/:id/', ''));

const wayBack = () => `href="/console/users/${id}">Do not do it: back to the user</a>`;

test.each(actions)(
  '%s: the page names the action and the user, and nothing is done',
  async (action) => {
    const { status, text } = await send(action);
    expect(status).toBe(401);
    for (const part of [
      'data-step="stepUp"',
      `<strong>${labels[action]}</strong>`,
      `<bdi>${victim.email}</bdi>`,
      'Nothing was changed yet',
      `<form id="again" action="/console/users/${id}/${action}" method="post" hidden>`,
      wayBack(),
    ]) {
      expect(text).toContain(part);
    }
    expect((await victim.ask('/session')).status).toBe(200);
  },
);

test('the end of one session is told from that of all', async () => {
  const { text } = await send('sign-out', { sessionId: 'a-session' });
  expect(text).toContain('<strong>Sign out of one session</strong>');
  expect(text).toContain('<input type="hidden" name="sessionId" value="a-session" />');
});

test('a password is not in the page, which says that it is entered again', async () => {
  const { text } = await send('set-password', { password: 'an entirely new passphrase' });
  expect(text).not.toContain('passphrase');
  expect(text).not.toContain('id="again"');
  expect(text).toContain('enter it again after the proof');
  expect(text).toContain(`<a id="then" ${wayBack()}`);
});

describe('hostile text', () => {
  test.each([
    ['"><img src=x onerror=alert(1)>@x.example'],
    ['\u202egnp.exe\u202c@x.example'],
    [`${'x'.repeat(100_000)}@x.example`],
  ])('of an address such as %.20s is escaped and bounded', async (email) => {
    await service.database.query(`insert into "user" (id, name, email) values (md5($1), '', $1)`, [
      email,
    ]);
    const [row] = await service.database.query<{ id: string }>('select md5($1) as id', [email]);
    const { status, text } = await send('delete', {}, stale, row?.id);
    expect(status).toBe(401);
    expect(text).toContain('<strong>Delete for good</strong>');
    expect(text).not.toMatch(/<img|\u202e/);
    expect(text.length).toBeLessThan(20_000);
  });

  test('of a reason, of a field and of many fields is escaped and bounded', async () => {
    const evil = `"><script>alert(1)</script>${'x'.repeat(90_000)}`;
    const many = Object.fromEntries(Array.from({ length: 9_000 }, (_, at) => [`n${at}`, '']));
    for (const fields of [{ reason: evil }, { [evil]: evil.slice(0, 9_000) }, many]) {
      const { status, text } = await send('impersonate', fields);
      expect(status).toBe(401);
      expect(text).toContain(victim.email);
      expect(text).not.toContain('<script>alert');
      expect(text.length).toBeLessThan(20_000);
    }
  });
});

test('a user who does not exist (any more) is reported before the proof', async () => {
  const { status, text } = await send('delete', {}, stale, 'none');
  expect([status, text]).toEqual([404, expect.not.stringContaining('data-step="stepUp"')]);
});

test('whoever is no operator learns nothing of the user', async () => {
  const as = (state: Parameters<OperatorBrowser['become']>[0]) =>
    new OperatorBrowser(service).become(state);
  for (const browser of [
    new OperatorBrowser(service),
    await as({ aal: 2, provenMinutesAgo: 11 }),
    await as({ role: 'admin', provenMinutesAgo: 11 }),
  ]) {
    const { text } = await send('delete', {}, browser);
    expect(text).toContain('Nothing was changed.');
    expect(text).not.toContain(victim.email);
    expect((await send('delete', {}, browser, 'none')).status).not.toBe(404);
  }
});

test('that the operator saw the address is recorded', async () => {
  const { headers } = await send('delete');
  const requestId = headers.get('x-request-id');
  const event = await auditEvent(
    service,
    (one) => one.kind === 'user_view' && one.request_id === requestId,
  );
  expect(event).toMatchObject({ user_id: id, actor: 'operator', actor_id: await stale.userId() });
});
