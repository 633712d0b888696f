import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestService, type TestService } from './support/test-service.js';
import { Visitor } from './support/visitor.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

test('a visitor signs up, is recognised, signs out, and the old cookie is dead at once', async () => {
  const visitor = new Visitor(service);
  const signedUp = await visitor.signUp();
  expect(signedUp.status).toBe(200);
  expect((await visitor.getSession()).json).toMatchObject({ user: { email: visitor.email } });
  const seen = await visitor.ask('/session');
  expect(seen.status).toBe(200);
  expect(seen.headers.get('x-session-reason')).toBe('valid');
  expect(seen.json).toMatchObject({ user: { email: visitor.email } });
  const cookie = visitor.cookieHeader;
  const signedOut = await visitor.signOut();
  expect(signedOut.status).toBe(200);
  const afterwards = await visitor.ask('/session', { headers: { cookie } });
  expect(afterwards.status).toBe(401);
  expect(afterwards.json).toMatchObject({ code: 'NOT_SIGNED_IN', reason: 'session_not_found' });
});
