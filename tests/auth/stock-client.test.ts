/** BetterAuth's unmodified client, with what a browser adds to fetch: cookies and the page's Origin. */
import { createAuthClient } from 'better-auth/client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

let service: TestService;
let visitor: Visitor;
let client: ReturnType<typeof createClient>;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());
beforeEach(() => {
  visitor = new Visitor(service);
  client = createClient(visitor);
});

function createClient(browser: Visitor) {
  return createAuthClient({
    baseURL: service.url,
    fetchOptions: { customFetchImpl: (input, init) => fetchAs(browser, input, init) },
  });
}

async function fetchAs(
  browser: Visitor,
  input: string | URL | Request,
  init: RequestInit = {},
): Promise<Response> {
  const { pathname, search } = new URL(input instanceof Request ? input.url : input);
  const { status, headers, text } = await browser.ask(pathname + search, {
    method: init.method ?? 'GET',
    headers: Object.fromEntries(new Headers(init.headers)),
    body: init.body ?? undefined,
  });
  return new Response(text, { status, headers });
}

function signUp() {
  const { email, password } = visitor;
  return client.signUp.email({ name: 'A Visitor', email, password });
}

test('the client signs up, reads and lists the session, and signs out', async () => {
  const signedUp = await signUp();
  expect(signedUp.error).toBeNull();
  expect(signedUp.data?.user.email).toBe(visitor.email);
  const session = await client.getSession();
  expect(session.data?.user).toMatchObject({ name: 'A Visitor', email: visitor.email });
  expect(session.data?.session.expiresAt).toBeInstanceOf(Date);
  const sessions = await client.listSessions();
  expect(sessions.data?.map(({ id }) => id)).toEqual([session.data?.session.id]);
  expect((await client.signOut()).data).toEqual({ success: true });
  expect(await client.getSession()).toEqual({ data: null, error: null });
});

test('the client signs in, changes name and password, and revokes the other sessions', async () => {
  await signUp();
  await client.signOut();
  const { email, password } = visitor;
  const signedIn = await client.signIn.email({ email, password });
  expect(signedIn.data).toMatchObject({ redirect: false, user: { email } });
  expect((await client.updateUser({ name: 'Ada' })).data).toEqual({ status: true });
  const newPassword = 'a quite different one';
  const changed = await client.changePassword({ currentPassword: password, newPassword });
  expect(changed.error).toBeNull();
  expect((await client.revokeOtherSessions()).data).toEqual({ status: true });
  expect((await client.getSession()).data?.user.name).toBe('Ada');
});

test('the client receives the code and the status of each rejection', async () => {
  await signUp();
  const duplicate = await signUp();
  expect(duplicate.data).toBeNull();
  expect(duplicate.error).toMatchObject({
    status: 422,
    code: 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL',
    message: 'User already exists. Use another email.',
  });
  const { email } = visitor;
  const wrong = await client.signIn.email({ email, password: 'not the password' });
  expect(wrong.error).toMatchObject({ status: 401, code: 'INVALID_EMAIL_OR_PASSWORD' });
  const short = await client.changePassword({ currentPassword: 'x', newPassword: '1234567' });
  expect(short.error).toMatchObject({ status: 400, code: 'PASSWORD_TOO_SHORT' });
  await client.signOut();
  const anonymous = await client.listSessions();
  expect(anonymous.error).toMatchObject({ status: 401, code: 'UNAUTHORIZED' });
});

test('the client receives 429 with a code and without an exception', async () => {
  const { email, password } = visitor;
  const attempts = [];
  for (let attempt = 1; attempt <= 4; attempt += 1) {
    attempts.push(await client.signIn.email({ email, password }));
  }
  expect(attempts.map(({ error }) => error?.status)).toEqual([401, 401, 401, 429]);
  expect(attempts[3]?.error).toMatchObject({ code: 'TOO_MANY_REQUESTS' });
});

test('the client receives INVALID_ORIGIN on an untrusted page', async () => {
  const elsewhere = createClient(new Visitor(service, 'http://localhost:4000'));
  const { email, password } = visitor;
  const refused = await elsewhere.signIn.email({ email, password });
  expect(refused.error).toMatchObject({ status: 403, code: 'INVALID_ORIGIN' });
});
