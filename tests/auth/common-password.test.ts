import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

test.each(['password1', 'PASSWORD1', '12345678'])(
  'a sign-up with the common password %s answers 400 and creates no user',
  async (password) => {
    const visitor = new Visitor(service);
    const body = { name: 'A Visitor', email: visitor.email, password };
    const answer = await visitor.ask('/api/auth/sign-up/email', { body });
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ code: 'PASSWORD_TOO_COMMON' });
    expect(answer.setCookies).toEqual([]);
    expect(
      await service.database.query('select 1 from "user" where email = $1', [visitor.email]),
    ).toEqual([]);
  },
);

test('a password cannot be changed to a common one', async () => {
  const visitor = new Visitor(service);
  await visitor.signUp();
  const body = { currentPassword: visitor.password, newPassword: 'football1' };
  const answer = await visitor.ask('/api/auth/change-password', { body });
  expect(answer.json).toMatchObject({ code: 'PASSWORD_TOO_COMMON' });
  expect((await visitor.signIn()).status).toBe(200);
});
