/** An API on another site gets a JSON Web Token of the current session. A failure is never sent as an anonymous call. */
import { expect, test, vi } from 'vitest';
import { createApiFetch } from '../src/client/api-fetch.js';
import { createApiTokens } from '../src/client/api-token.js';
import { createAuthFetch } from '../src/client/auth-fetch.js';
import { createBearerStore } from '../src/client/bearer-store.js';
import type { SessionState } from '../src/client/session-state.js';

const authUrl = 'https://auth.example.com';
const api = 'https://api.example.net';
const callContext = { authUrl, pageOrigin: 'https://docs.example.org' };

const signedIn = (id: string) =>
  ({ status: 'signedIn', user: { id: 'u' }, session: { id } }) as unknown as SessionState;

/** A token that is valid for five minutes by its own times, which are another clock's. */
function tokenNumber(count: number): string {
  const payload = btoa(JSON.stringify({ iat: 1000, exp: 1300, jti: count }));
  return `e30.${payload.replaceAll('=', '')}.signature`;
}

function setUp() {
  let issued = 0;
  const world = {
    state: signedIn('s1'),
    now: 0,
    answer: (): Promise<Response> => Promise.resolve(new Response(null, { status: 200 })),
    warnings: [] as string[],
    calls: [] as [url: string, authorization: string | null, credentials: string][],
    issue: (): Response | Promise<Response> => Response.json({ token: tokenNumber((issued += 1)) }),
    issued: () => issued,
  };
  const fetch: typeof globalThis.fetch = (input, init) => {
    const request = new Request(input, init);
    if (request.url === `${authUrl}/api/auth/token`) return Promise.resolve(world.issue());
    const { url, headers, credentials } = request;
    world.calls.push([url, headers.get('authorization'), credentials]);
    return world.answer();
  };
  const bearer = createBearerStore('key');
  const authFetch = createAuthFetch({ fetch, callContext, bearer, onSession: () => undefined });
  const apiFetch = createApiFetch({
    fetch,
    bearer,
    tokens: createApiTokens({
      authFetch,
      authUrl,
      state: () => world.state,
      now: () => world.now,
    }),
    callContext,
    onMisconfiguration: (message) => world.warnings.push(message),
    apiOrigins: [api],
  });
  return { world, apiFetch };
}

test('the API is sent the same token until shortly before it expires, and no cookie', async () => {
  const { world, apiFetch } = setUp();
  await Promise.all([apiFetch(`${api}/a`), apiFetch(`${api}/b`)]);
  world.now = 269_000;
  await apiFetch(`${api}/c`);
  world.now = 271_000;
  await apiFetch(`${api}/d`);
  const [first, second] = [`Bearer ${tokenNumber(1)}`, `Bearer ${tokenNumber(2)}`];
  expect(world.calls).toEqual([
    [`${api}/a`, first, 'same-origin'],
    [`${api}/b`, first, 'same-origin'],
    [`${api}/c`, first, 'same-origin'],
    [`${api}/d`, second, 'same-origin'],
  ]);
});

test('a new session uses neither the cached token of the previous one nor its pending request', async () => {
  const { world, apiFetch } = setUp();
  const first = apiFetch(`${api}/a`);
  world.state = signedIn('s2');
  await Promise.all([first, apiFetch(`${api}/b`)]);
  await apiFetch(`${api}/c`);
  const tokens = world.calls.map(([url, token]) => `${url.slice(-1)} ${token?.slice(7) ?? ''}`);
  expect(tokens).toContain(`a ${tokenNumber(1)}`);
  expect(tokens).toContain(`b ${tokenNumber(2)}`);
});

test('while signed out, the API is called without a token, and none is requested', async () => {
  const { world, apiFetch } = setUp();
  await apiFetch(`${api}/a`);
  world.state = { status: 'signedOut' };
  await apiFetch(`${api}/b`);
  expect(world.calls.at(-1)).toEqual([`${api}/b`, null, 'same-origin']);
  expect(world.issued()).toBe(1);
});

test('if the service answers 401, the API is called without a token', async () => {
  const { world, apiFetch } = setUp();
  world.issue = () => Response.json({ code: 'UNAUTHORIZED' }, { status: 401 });
  await apiFetch(`${api}/a`);
  expect(world.calls).toEqual([[`${api}/a`, null, 'same-origin']]);
});

test.each([
  [503, { code: 'DATABASE_UNAVAILABLE' }, /cannot answer right now/],
  [404, { code: 'NOT_FOUND' }, /JWT_TOKENS=on/],
])(
  'a service that answers %i signs no visitor out: the call fails with 503 and a message',
  async (status, body, text) => {
    const { world, apiFetch } = setUp();
    world.issue = () => Response.json(body, { status });
    const answer = await apiFetch(`${api}/a`);
    expect(answer.status).toBe(503);
    expect((await answer.json()) as object).toMatchObject({
      message: expect.stringMatching(text) as string,
    });
    expect(world.calls).toEqual([]);
    expect(world.warnings.length).toBe(status === 404 ? 1 : 0);
  },
);

test('a token that the API refused is not sent again', async () => {
  const { world, apiFetch } = setUp();
  world.answer = () => Promise.resolve(new Response(null, { status: 401 }));
  await apiFetch(`${api}/a`);
  await apiFetch(`${api}/b`);
  expect(world.calls.map(([, token]) => token)).toEqual([
    `Bearer ${tokenNumber(1)}`,
    `Bearer ${tokenNumber(2)}`,
  ]);
});

/** API calls whose token requests the test answers in an order of its choice. */
function holdTokens({ world, apiFetch }: ReturnType<typeof setUp>) {
  const tokenRequests: ((token: string) => void)[] = [];
  world.issue = () =>
    new Promise((resolve) => tokenRequests.push((token) => resolve(Response.json({ token }))));
  return {
    tokenRequests,
    call: async (path: string, session: string) => {
      world.state = signedIn(session);
      const before = tokenRequests.length;
      const response = apiFetch(api + path);
      await vi.waitFor(() => expect(tokenRequests.length).toBe(before + 1));
      return { response };
    },
  };
}

test('a late token does not replace a newer one of the same session', async () => {
  const setup = setUp();
  const { tokenRequests, call } = holdTokens(setup);
  const first = await call('/a', 's1');
  const other = await call('/b', 's2');
  const second = await call('/c', 's1');
  tokenRequests[2]?.(tokenNumber(3));
  await second.response;
  tokenRequests[0]?.(tokenNumber(1));
  tokenRequests[1]?.(tokenNumber(2));
  await Promise.all([first.response, other.response]);
  await setup.apiFetch(`${api}/d`);
  expect(setup.world.calls.at(-1)?.[1]).toBe(`Bearer ${tokenNumber(3)}`);
});

test('a late 401 of the API drops the token that it refused, and no newer one', async () => {
  const { world, apiFetch } = setUp();
  const refuse: (() => void)[] = [];
  world.answer = () =>
    new Promise((resolve) => refuse.push(() => resolve(new Response(null, { status: 401 }))));
  const slow = [apiFetch(`${api}/a`), apiFetch(`${api}/b`)];
  await vi.waitFor(() => expect(refuse).toHaveLength(2));
  refuse[0]?.();
  await slow[0];
  world.answer = () => Promise.resolve(new Response(null, { status: 200 }));
  await apiFetch(`${api}/c`); // with a second token
  refuse[1]?.();
  await slow[1];
  await apiFetch(`${api}/d`);
  expect(world.calls.at(-1)?.[1]).toBe(`Bearer ${tokenNumber(2)}`);
  expect(world.issued()).toBe(2);
});

test('no token is sent to another origin', async () => {
  const { world, apiFetch } = setUp();
  await apiFetch('https://elsewhere.example/a');
  expect(world.calls).toEqual([['https://elsewhere.example/a', null, 'same-origin']]);
});

test.each([
  ['JSON without a token', () => Response.json({})],
  ['JSON null', () => Response.json(null)],
  ['an invalid token', () => Response.json({ token: 'a\nb' })],
  [
    'a truncated body',
    () => new Response('{"tok', { headers: { 'content-type': 'application/json' } }),
  ],
])(
  '%s signs no visitor out: the call fails with 503, and the API is not called',
  async (_what, issue) => {
    const { world, apiFetch } = setUp();
    world.issue = issue;
    expect((await apiFetch(`${api}/a`)).status).toBe(503);
    expect(world.calls).toEqual([]);
  },
);

test('a login page in front of the service is not reported as tokens being off', async () => {
  const { world, apiFetch } = setUp();
  world.issue = () => new Response('<h1>Log in</h1>', { headers: { 'content-type': 'text/html' } });
  const { message } = (await (await apiFetch(`${api}/a`)).json()) as { message: string };
  expect(message).toContain('No auth service answers at authUrl');
  expect(world.warnings).toEqual([message]);
});

test('a token issued while the session is unknown is not cached', async () => {
  const { world, apiFetch } = setUp();
  world.state = { status: 'loading' };
  await apiFetch(`${api}/a`);
  world.state = signedIn('s1');
  world.state = { status: 'unknown', problem: 'The sign-in service cannot answer right now.' };
  await apiFetch(`${api}/b`);
  expect(world.calls.map(([, token]) => token)).toEqual([
    `Bearer ${tokenNumber(1)}`,
    `Bearer ${tokenNumber(2)}`,
  ]);
});

test('an aborted call does not wait for a hanging service', async () => {
  const { apiFetch, world } = setUp();
  world.issue = () => new Promise<Response>(() => undefined);
  const controller = new AbortController();
  const call = apiFetch(`${api}/a`, { signal: controller.signal });
  controller.abort();
  await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  expect(world.calls).toEqual([]);
});
