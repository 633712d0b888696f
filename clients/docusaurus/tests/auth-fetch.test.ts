/** Every response of the service, or of something in its place, becomes a code and a message for the visitor. */
import { expect, test, vi } from 'vitest';
import { createAuthFetch, type SessionMeta } from '../src/client/auth-fetch.js';
import { createBearerStore } from '../src/client/bearer-store.js';
import type { AuthFailure } from '../src/client/auth-failure.js';
import { messageFor } from '../src/client/failure-messages.js';

const authUrl = 'https://auth.example.com';
const path = `${authUrl}/api/auth/sign-in/email`;

async function resultOf(
  fetch: typeof globalThis.fetch,
  { pageOrigin = 'https://docs.example.com', url = path } = {},
) {
  const callContext = { authUrl: new URL(url).origin, pageOrigin };
  let meta: SessionMeta | undefined;
  const bearer = createBearerStore('key');
  const onSession = (next: SessionMeta) => (meta = next);
  const response = await createAuthFetch({ fetch, callContext, bearer, onSession })(url);
  const body = (await response.json()) as AuthFailure;
  const failureMessage = response.ok ? undefined : messageFor(body, callContext);
  return { status: response.status, body, message: failureMessage, meta, bearer };
}

const json = (status: number, body: object | null, headers = {}) =>
  vi.fn(() => Promise.resolve(Response.json(body, { status, headers })));
const html = (status: number) => () =>
  Promise.resolve(
    new Response('<!doctype html>', { status, headers: { 'content-type': 'text/html' } }),
  );
const networkError = () => Promise.reject(new TypeError('Failed to fetch'));

test('a successful response passes unchanged', async () => {
  expect(await resultOf(json(200, { token: 'x' }))).toMatchObject({
    status: 200,
    body: { token: 'x' },
  });
});

test.each([
  [401, { code: 'INVALID_EMAIL_OR_PASSWORD' }, {}, 'The e-mail address or the password is wrong.'],
  [400, { code: 'INVALID_PASSWORD' }, {}, 'The current password is wrong.'],
  [422, { code: 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL' }, {}, /already an account/],
  [
    429,
    { code: 'TOO_MANY_REQUESTS' },
    { 'retry-after': '7' },
    'Too many attempts. Wait 7 seconds, then try again.',
  ],
  [
    429,
    { message: 'slow' },
    { 'x-retry-after': '1' },
    'Too many attempts. Wait 1 second, then try again.',
  ],
  [
    503,
    { code: 'DATABASE_UNAVAILABLE' },
    { 'retry-after': '5' },
    /cannot answer right now. Try again in 5 seconds/,
  ],
  [500, {}, {}, /cannot answer right now. Try again shortly/],
  [
    403,
    { code: 'INVALID_ORIGIN' },
    {},
    /add https:\/\/docs\.example\.com to BETTER_AUTH_TRUSTED_ORIGINS/,
  ],
  [400, { code: 'NEVER_HEARD_OF', message: 'In its own words.' }, {}, 'In its own words.'],
  [400, { code: 'toString' }, {}, 'The sign-in service refused this (toString).'],
])('%i %o with %o gives the message: %s', async (status, body, headers, message) => {
  const result = await resultOf(json(status, body, headers));
  expect(result.status).toBe(status);
  expect(result.message).toMatch(message);
});

test.each([200, 401, 404])(
  'a web page with status %i is reported as not the auth service, and signs no visitor out',
  async (status) => {
    const result = await resultOf(html(status));
    expect(result).toMatchObject({
      status: 502,
      body: { code: 'NOT_THE_SERVICE', httpStatus: status },
    });
    expect(result.message).toContain(
      `No auth service answers at authUrl (${authUrl}, HTTP ${status})`,
    );
  },
);

test('if authUrl is the site’s own address, the message says so', async () => {
  const result = await resultOf(html(200), { pageOrigin: authUrl });
  expect(result.message).toMatch(/^authUrl is this site’s own address/);
});

test('a gateway’s error page is SERVICE_UNAVAILABLE, and a firewall’s 429 is TOO_MANY_REQUESTS', async () => {
  expect((await resultOf(html(502))).body.code).toBe('SERVICE_UNAVAILABLE');
  expect((await resultOf(html(429))).body.code).toBe('TOO_MANY_REQUESTS');
});

test('no response: the service cannot be reached', async () => {
  const result = await resultOf(networkError);
  expect(result).toMatchObject({ status: 503, body: { code: 'SERVICE_UNREACHABLE' } });
  expect(result.message).toMatch(/cannot be reached/);
});

test('an unreadable response: a gateway’s error, or the origin is not trusted', async () => {
  const fetch = vi.fn((_url: unknown, init?: RequestInit) =>
    init?.mode === 'no-cors' ? Promise.resolve(Response.error()) : networkError(),
  );
  const result = await resultOf(fetch);
  expect(result.body.code).toBe('ANSWER_UNREADABLE');
  expect(result.message).toMatch(/cannot answer right now.+BETTER_AUTH_TRUSTED_ORIGINS/);
  expect(fetch).toHaveBeenLastCalledWith(
    `${authUrl}/api/auth/ok`,
    expect.objectContaining({ credentials: 'omit' }),
  );
});

test('an unreadable response while /health is readable: the origin is not trusted', async () => {
  const fetch = vi.fn((url: unknown) =>
    url === `${authUrl}/health` ? Promise.resolve(Response.json({ status: 'ok' })) : networkError(),
  );
  const result = await resultOf(fetch);
  expect(result.body.code).toBe('CORS_REFUSED');
  expect(result.message).toMatch(/does not accept this site.+BETTER_AUTH_TRUSTED_ORIGINS/);
});

test('no response from http to a page over https: mixed content', async () => {
  const result = await resultOf(networkError, {
    url: 'http://auth.example.com/api/auth/sign-in/email',
  });
  expect(result.body.code).toBe('MIXED_CONTENT');
});

test('the reason of a session check is reported apart from its body', async () => {
  const url = `${authUrl}/api/auth/get-session`;
  const result = await resultOf(json(200, null, { 'x-session-reason': 'session_expired' }), {
    url,
  });
  expect(result.meta).toEqual({ reason: 'session_expired', failure: undefined });
});

test('a token in a response is staged, and sent once it is committed', async () => {
  const fetch = json(200, {}, { 'set-auth-token': 'signed.token' });
  const { bearer } = await resultOf(fetch);
  expect(bearer.token()).toBeUndefined();
  bearer.commit();
  const callContext = { authUrl, pageOrigin: 'https://docs.example.com' };
  await createAuthFetch({ fetch, callContext, bearer, onSession: () => undefined })(path);
  const init = (fetch.mock.calls as unknown as [string, RequestInit][]).at(-1)?.[1];
  expect(new Headers(init?.headers).get('authorization')).toBe('Bearer signed.token');
});
