import { afterAll, beforeEach, expect, test } from 'vitest';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

let service: TestService | undefined;
let visitor: Visitor;
beforeEach(async () => {
  await service?.stop();
  service = await startTestService();
  visitor = new Visitor(service);
  await visitor.signUp();
});
afterAll(() => service?.stop());

/** From now on the database closes the connection at this operation. */
async function breakAt(event: string, table: string): Promise<void> {
  await service?.database.query(`
    create function break_connection() returns trigger language plpgsql as
      $$ begin perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(1); return null; end $$;
    create trigger broken before ${event} on "${table}" for each statement execute function break_connection();`);
}

test('an interrupted deletion leaves the user unchanged', async () => {
  await breakAt('delete', 'user');
  const answer = await visitor.ask('/api/auth/delete-user', {
    body: { password: visitor.password },
  });
  expect(answer.status).toBe(503);
  expect(answer.json).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  expect((await visitor.ask('/session')).status).toBe(200);
  await service?.database.query('drop trigger broken on "user"');
  expect((await visitor.signIn()).status).toBe(200);
});

test('a password is not changed if the other sessions cannot be revoked', async () => {
  await breakAt('delete', 'session');
  const newPassword = 'another long password';
  const body = { currentPassword: visitor.password, newPassword };
  const answer = await visitor.ask('/api/auth/change-password', { body });
  expect(answer.status).toBe(503);
  await service?.database.query('drop trigger broken on session');
  expect((await visitor.signIn(newPassword)).status).toBe(401);
  expect((await visitor.signIn()).status).toBe(200);
});

test('the other sessions are revoked even if the password then cannot be changed', async () => {
  const elsewhere = new Visitor(service as TestService);
  const { email, password } = visitor;
  await elsewhere.ask('/api/auth/sign-in/email', { body: { email, password } });
  await breakAt('update', 'account');
  const body = { currentPassword: password, newPassword: 'another long password' };
  expect((await visitor.ask('/api/auth/change-password', { body })).status).toBe(503);
  expect((await elsewhere.ask('/session')).status).toBe(401);
  expect((await visitor.ask('/session')).status).toBe(200);
});
