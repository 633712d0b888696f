/** The role of a user: who can see it, and that only operators can change it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../../support/test-service.js';
import { Visitor } from '../../support/visitor.js';

const env = { ADMIN: 'on', SECOND_FACTOR: 'optional' };

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ env: { ...env, JWT_TOKENS: 'on' } });
});
afterAll(() => service.stop());

async function signedUp(role?: string, of = service): Promise<Visitor> {
  const visitor = new Visitor(of);
  await visitor.signUp();
  const values = [role ?? null, visitor.email];
  await of.database.query('update "user" set role = $1 where email = $2', values);
  return visitor;
}

async function claimsOf(visitor: Visitor): Promise<Record<string, unknown>> {
  const { json } = await visitor.ask('/api/auth/token');
  const payload = String(json?.token).split('.')[1] ?? '';
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
}

describe('the role', () => {
  test.each([[undefined], ['admin'], ['admin,editor']])('%s is shown', async (role) => {
    const visitor = await signedUp(role);
    const expected = role ?? null;
    const { json } = await visitor.ask('/session');
    expect(json).toMatchObject({ user: { role: expected }, session: { impersonatedBy: null } });
    const fast = await visitor.getSession();
    expect(fast.json).toMatchObject({ user: { role: expected } });
    const slow = await visitor.ask('/api/auth/get-session?disableCookieCache=true');
    expect(fast.json).toEqual(slow.json);
    expect(await claimsOf(visitor)).toMatchObject({ role: expected });
    expect(await claimsOf(visitor)).not.toHaveProperty('act');
  });

  test.each([
    ['/api/auth/sign-up/email', {}],
    ['/api/auth/update-user', { name: 'Another' }],
  ])('%s cannot set it', async (path, fields) => {
    const visitor = await signedUp();
    const { email, password } = new Visitor(service);
    const signUp = path.includes('sign-up') ? { email, password, name: 'A' } : {};
    await visitor.ask(path, { body: { ...signUp, ...fields, role: 'admin' } });
    const stored = await service.database.query('select 1 from "user" where role = $1', ['admin']);
    const others = stored.length;
    await visitor.ask(path, { body: { ...signUp, ...fields, user: { role: 'admin' } } });
    expect((await visitor.ask('/session')).json).toMatchObject({ user: { role: null } });
    const after = await service.database.query('select 1 from "user" where role = $1', ['admin']);
    expect(after).toHaveLength(others);
  });

  test('no field of a request sets the operator of a session', async () => {
    const visitor = new Visitor(service);
    const { email, password } = visitor;
    const body = { email, password, name: 'A', impersonatedBy: 'x' };
    await visitor.ask('/api/auth/sign-up/email', { body });
    const rows = await service.database.query(
      'select 1 from session where impersonated_by is not null',
    );
    expect(rows).toEqual([]);
  });

  test('without ADMIN=on it is shown nowhere', async () => {
    const plain = await startTestService({ env: { JWT_TOKENS: 'on' } });
    try {
      const visitor = await signedUp('admin', plain);
      const text = [
        (await visitor.ask('/session')).text,
        (await visitor.getSession()).text,
        JSON.stringify(await claimsOf(visitor)),
      ].join('');
      expect(text).not.toContain('role');
      expect(text).not.toContain('impersonatedBy');
    } finally {
      await plain.stop();
    }
  });
});
