/** Every route that needs the database, and its expected response while the database is unavailable. */
import { expect } from 'vitest';
import { errorTable } from '../../src/errors.js';
import type { Answer, Visitor } from './visitor.js';

type Ask = (visitor: Visitor) => Promise<Answer>;

const post =
  (path: string, body: (visitor: Visitor) => object): Ask =>
  (visitor) =>
    visitor.ask(path, { body: body(visitor) });

/** Requests of a signed-in user. */
export const databaseRoutes: Record<string, Ask> = {
  'sign-up': (visitor) => visitor.signUp(),
  'sign-in': (visitor) => visitor.signIn(),
  'get-session': (visitor) => visitor.getSession(),
  '/session': (visitor) => visitor.ask('/session'),
  'list-sessions': (visitor) => visitor.ask('/api/auth/list-sessions'),
  'update-user': post('/api/auth/update-user', () => ({ name: 'Another' })),
  'change-password': post('/api/auth/change-password', ({ password }) => ({
    currentPassword: password,
    newPassword: `${password}-new`,
  })),
  'revoke-other-sessions': post('/api/auth/revoke-other-sessions', () => ({})),
  'revoke-sessions': post('/api/auth/revoke-sessions', () => ({})),
  'delete-user': post('/api/auth/delete-user', ({ password }) => ({ password })),
  'sign-out': (visitor) => visitor.signOut(),
};

/** 503 with Retry-After and this service's body: never "signed out", never success, and no Set-Cookie. */
export function expectUnavailable(answer: Answer): void {
  expect(answer.json).toMatchObject({
    code: 'DATABASE_UNAVAILABLE',
    message: errorTable.DATABASE_UNAVAILABLE.message,
    requestId: answer.headers.get('x-request-id'),
  });
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(answer.setCookies).toEqual([]);
}

/** Sends all of them concurrently, and returns the time of the slowest. */
export async function expectAllUnavailable(visitor: Visitor): Promise<number> {
  const startedAt = performance.now();
  const answers = await Promise.all(
    Object.entries(databaseRoutes).map(
      async ([route, ask]) => [route, await ask(visitor)] as const,
    ),
  );
  const elapsedMs = performance.now() - startedAt;
  for (const [route, answer] of answers) {
    expect(answer.status, `${route} answered ${answer.text}`).toBe(503);
    expectUnavailable(answer);
  }
  return elapsedMs;
}
