/** Values that PostgreSQL rejects are a client error: 4xx, and never echoed. */
import { afterEach, expect, test, vi } from 'vitest';
import type { TestService } from '../support/test-service.js';
import { useVisitor } from '../support/use-service.js';
import { Visitor } from '../support/visitor.js';

let service: TestService;
let visitor: Visitor;
useVisitor((started) => ({ service, visitor } = started));
afterEach(() => vi.restoreAllMocks());

const canary = 'canary-in-a-refused-value';

test.each([
  ['a name with a NUL character', 'update-user', { name: `${canary}\0` }, 'name'],
  ['an image with a NUL character', 'update-user', { image: `https://${canary}\0` }, 'image'],
  ['no name at all', 'update-user', { name: null }, undefined],
  ['a token with a NUL character', 'revoke-session', { token: `${canary}\0` }, 'token'],
])('%s in %s answers 400, changes nothing, and is printed nowhere', async (...given) => {
  const [, path, body, field] = given;
  // Only observed: BetterAuth's router prints unhandled errors.
  const printed = [vi.spyOn(console, 'error'), vi.spyOn(console, 'log')];
  const answer = await visitor.ask(`/api/auth/${path}`, { body });
  expect(answer.status).toBe(400);
  expect(answer.json).toEqual({
    code: field === undefined ? 'VALIDATION_ERROR' : 'INVALID_FIELD',
    message: expect.stringContaining(field ?? 'name') as string,
    ...(field !== undefined && { field }),
    requestId: answer.headers.get('x-request-id'),
  });
  expect(service.logLines().filter(({ level, variable }) => level !== 'info' && !variable)).toEqual(
    [],
  );
  expect(answer.setCookies).toEqual([]);
  for (const print of printed) expect(print).not.toHaveBeenCalled();
  expect(service.logText()).not.toContain(canary);
  const seen = await visitor.ask('/session');
  expect(seen.json).toMatchObject({ user: { name: 'A Visitor', image: null } });
});

test.each([
  ['name', { name: `${canary}\0` }],
  ['image', { name: 'A', image: `${canary}\0` }],
  ['e-mail address', { name: 'A', email: `${canary}\0@example.com` }],
])(
  'a NUL character in the %s of a sign-up answers 4xx and creates no user',
  async (_what, fields) => {
    const printed = vi.spyOn(console, 'error');
    const { email, password } = new Visitor(service);
    const browser = new Visitor(service);
    const answer = await browser.ask('/api/auth/sign-up/email', {
      body: { email, password, ...fields },
    });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.setCookies).toEqual([]);
    expect(printed).not.toHaveBeenCalled();
    expect(service.logText()).not.toContain(canary);
    const rows = await service.database.query('select 1 from "user" where email = $1', [email]);
    expect(rows).toEqual([]);
  },
);
