/** Requests that a page can send without a preflight must change nothing (ASVS 3.5.1–3.5.3). */
import { expect, test } from 'vitest';
import type { TestService } from '../support/test-service.js';
import { useVisitor } from '../support/use-service.js';
import { Visitor } from '../support/visitor.js';

let service: TestService;
let visitor: Visitor;
useVisitor((started) => ({ service, visitor } = started));

/** All rows that a request could have changed. */
async function everything(): Promise<unknown> {
  return Promise.all([
    service.database.query('select * from "user" order by id'),
    service.database.query('select * from session order by id'),
    service.database.query('select * from account order by id'),
  ]);
}

const writing = [
  'sign-out',
  'revoke-sessions',
  'revoke-other-sessions',
  'delete-user',
  'update-user',
  'change-password',
  'sign-in/email',
  'sign-up/email',
];

test.each(writing)("POST %s with the user's cookie and no Origin answers 403", async (path) => {
  const before = await everything();
  const body = { name: 'Eve', email: 'eve@example.com', password: visitor.password };
  const answer = await visitor.ask(`/api/auth/${path}`, { body, origin: null });
  expect(answer.status).toBe(403);
  expect(answer.json).toMatchObject({ code: 'MISSING_OR_NULL_ORIGIN' });
  expect(answer.setCookies).toEqual([]);
  expect(await everything()).toEqual(before);
});

test.each(writing)('GET, HEAD and OPTIONS of %s change nothing', async (path) => {
  const before = await everything();
  const query = `?name=Eve&password=${visitor.password}&email=${visitor.email}`;
  const statuses = [];
  for (const method of ['GET', 'HEAD', 'OPTIONS']) {
    const answer = await visitor.ask(`/api/auth/${path}${query}`, { method });
    statuses.push(answer.status);
    expect(answer.setCookies).toEqual([]);
  }
  expect(statuses).toEqual([404, 405, 204]);
  expect(await everything()).toEqual(before);
});

const simpleBodies = {
  'text/plain': (fields: Record<string, string>) => JSON.stringify(fields),
  'application/x-www-form-urlencoded': (fields: Record<string, string>) =>
    new URLSearchParams(fields).toString(),
  'multipart/form-data; boundary=b': (fields: Record<string, string>) =>
    Object.entries(fields)
      .map(
        ([name, value]) =>
          `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
      )
      .join('') + '--b--\r\n',
};

test.each(Object.entries(simpleBodies))(
  'a body of %s from an untrusted page changes nothing, with and without a cookie',
  async (type, write) => {
    const before = await everything();
    for (const path of writing) {
      const { email, password } = visitor;
      const body = write({ name: 'Eve', email, password, newPassword: 'eve chose this' });
      for (const cookie of [visitor.cookieHeader, '']) {
        const attacker = new Visitor(service, 'https://evil.example');
        const headers = { 'content-type': type, ...(cookie !== '' && { cookie }) };
        const answer = await attacker.ask(`/api/auth/${path}`, { body, headers });
        expect(answer.status).toBe(403);
        expect(answer.setCookies).toEqual([]);
      }
    }
    expect(await everything()).toEqual(before);
  },
);

test.each(Object.keys(simpleBodies))(
  'a body of %s changes no account even from a trusted page',
  async (type) => {
    const before = await everything();
    const body = simpleBodies[type as keyof typeof simpleBodies]({ name: 'Eve' });
    const headers = { 'content-type': type };
    const answer = await visitor.ask('/api/auth/update-user', { body, headers });
    expect(answer.status).toBe(415);
    expect(answer.json).toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE' });
    expect(await everything()).toEqual(before);
  },
);

test('a body without a Content-Type is rejected', async () => {
  const headers = { 'content-type': '' };
  const answer = await visitor.ask('/api/auth/update-user', { body: { name: 'Eve' }, headers });
  expect(answer.status).toBe(415);
});

test('a form submitted from another site does not sign in', async () => {
  const { email, password } = visitor;
  const answer = await new Visitor(service).ask('/api/auth/sign-in/email', {
    origin: null,
    body: new URLSearchParams({ email, password }).toString(),
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    },
  });
  expect(answer.status).toBe(403);
  expect(answer.setCookies).toEqual([]);
});
