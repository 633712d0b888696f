/** On Vercel nothing loads BetterAuth before the first request: whichever that is, it is answered as later ones are. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTestService, type TestService } from './support/test-service.js';
import { Visitor } from './support/visitor.js';

let service: TestService;
beforeEach(async () => {
  service = await startTestService({ isCold: true });
});
afterEach(() => service.stop());

test('three first sign-ups at once', async () => {
  const visitors = [new Visitor(service), new Visitor(service), new Visitor(service)];
  const signUps = await Promise.all(visitors.map((visitor) => visitor.signUp()));
  expect(signUps.map(({ status }) => status)).toEqual([200, 200, 200]);
  const seen = await Promise.all(visitors.map((visitor) => visitor.ask('/session')));
  expect(seen.map(({ json }) => (json as { user: { email: string } }).user.email)).toEqual(
    visitors.map(({ email }) => email),
  );
});

test.each([
  ['GET', '/api/auth/no-such-endpoint', 404],
  ['POST', '/api/auth/get-session', 405],
  ['GET', '/api/auth/get-session', 200],
  ['GET', '/session', 401],
])('a first %s %s is answered %i', async (method, path, status) => {
  const body = method === 'POST' ? {} : undefined;
  expect((await new Visitor(service).ask(path, { method, body })).status).toBe(status);
});
