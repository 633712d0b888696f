/** The handler with one router responds as BetterAuth's own does, request by request, on databases with the same rows. */
import { betterAuth, type AuthContext } from 'better-auth';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRequestHandler, type StockAuth } from '../../src/auth/request-handler.js';
import { createAuthOptions } from '../../src/auth/auth-options.js';
import { readConfig } from '../../src/config/config.js';
import type { Environment } from '../../src/config/environment.js';
import { createDatabase, type Database } from '../../src/db/client.js';
import { createDatabaseLimits } from '../../src/db/limit-store.js';
import { createLogger } from '../../src/log/logger.js';
import { createRequestScopes } from '../../src/request-scope.js';
import { everyFeatureOn } from '../support/every-feature.js';
import { loadAuthParts } from '../support/options-for.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { testEnvironment } from '../support/test-service.js';

const origin = 'http://localhost:3000';
const base = 'http://localhost:3001/api/auth';

/** One of two equal deployments: its database, and the options that BetterAuth is given. */
interface Side {
  readonly testDatabase: TestDatabase;
  readonly database: Database;
  readonly auth: StockAuth;
  /** The contexts that plugins received, one for each request. */
  readonly contexts: AuthContext[];
  readonly handle: (request: Request) => Promise<Response>;
}

async function createSide(
  handlerOf: (auth: StockAuth) => Side['handle'],
  env: Environment = {},
): Promise<Side> {
  const testDatabase = await createTestDatabase();
  const url = testDatabase.url;
  const config = readConfig(
    { DATABASE_URL: url, ...testEnvironment, ...everyFeatureOn, ...env },
    new Date('2026-01-31T12:00:00Z'),
  );
  const database = createDatabase({ url, onIdleError: () => undefined });
  const dependencies = {
    config,
    orm: database.orm,
    logger: createLogger('silent'),
    scopes: createRequestScopes(),
    limits: createDatabaseLimits(database.orm),
  };
  const options = createAuthOptions(dependencies, await loadAuthParts(dependencies));
  const contexts: AuthContext[] = [];
  const recorder = {
    id: 'recorder',
    onRequest(_request: Request, context: AuthContext) {
      contexts.push(context);
      return Promise.resolve(undefined);
    },
  };
  const auth = betterAuth({
    ...options,
    plugins: [...options.plugins, recorder],
  }) as unknown as StockAuth;
  return { testDatabase, database, auth, contexts, handle: handlerOf(auth) };
}

let stock: Side;
let ours: Side;
beforeAll(async () => {
  stock = await createSide((auth) => auth.handler);
  ours = await createSide((auth) => createRequestHandler(auth));
});
afterAll(async () => {
  for (const { database, testDatabase } of [stock, ours]) {
    await database.close();
    await testDatabase.drop();
  }
});

/** What a request is like, where `cookie` is that of the latest sign-in or sign-up. */
interface Step {
  readonly title: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly withoutCookie?: boolean;
}

const user = { email: 'reader@example.com', password: 'quiet harbour seventeen lamps' };
const changed = 'another quiet harbour, and eighteen';
const steps: readonly Step[] = [
  { title: 'sign-up', path: '/sign-up/email', body: { ...user, name: 'A reader' } },
  { title: 'the same sign-up again', path: '/sign-up/email', body: { ...user, name: 'A reader' } },
  { title: 'get-session', path: '/get-session' },
  { title: 'get-session without a cookie', path: '/get-session', withoutCookie: true },
  { title: 'a token', path: '/token' },
  { title: 'a wrong password', path: '/sign-in/email', body: { ...user, password: 'wrong one' } },
  { title: 'a sign-in', path: '/sign-in/email', body: user },
  { title: 'a body of another shape', path: '/sign-in/email', body: { email: 7 } },
  {
    title: 'a body that is no JSON',
    path: '/sign-in/email',
    body: undefined,
    headers: { 'content-type': 'text/plain' },
  },
  {
    title: 'a sign-in with a foreign URL to return to',
    path: '/sign-in/email',
    body: { ...user, callbackURL: 'https://evil.example' },
  },
  {
    title: 'a sign-in from another origin',
    path: '/sign-in/email',
    body: user,
    headers: { origin: 'https://evil.example' },
  },
  { title: 'the sessions', path: '/list-sessions' },
  { title: 'an update of the name', path: '/update-user', body: { name: 'Another name' } },
  {
    title: 'a new password',
    path: '/change-password',
    body: { currentPassword: user.password, newPassword: changed },
  },
  { title: 'get-session after it', path: '/get-session' },
  { title: 'an unknown path', path: '/no-such-endpoint' },
  { title: 'a path with a slash at its end', path: '/ok/' },
  { title: 'a path that is disabled', path: '/error' },
  { title: 'ok', path: '/ok' },
  { title: 'a sign-out', path: '/sign-out', body: {} },
  { title: 'a second sign-out', path: '/sign-out', body: {} },
];

const cookies = new Map<Side, string>();

async function send(side: Side, { path, body, headers, withoutCookie }: Step) {
  const cookie = withoutCookie ? undefined : cookies.get(side);
  const request = new Request(base + path, {
    method: body === undefined && !headers ? 'GET' : 'POST',
    headers: {
      origin,
      'x-auth-service-client-ip': '203.0.113.7',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(cookie !== undefined && { cookie }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const response = await side.handle(request).catch((error: unknown) => String(error));
  if (typeof response === 'string') return response;
  const set = response.headers.getSetCookie();
  const session = set
    .map((line) => line.split(';')[0] ?? '')
    .find((pair) => pair.includes('session_token='));
  if (session !== undefined) cookies.set(side, session);
  return {
    status: response.status,
    headers: [...response.headers.entries()].map(([name, value]) => [
      name,
      name === 'x-retry-after' ? 'seconds' : mask(value), // between both responses a second can end
    ]),
    body: mask(await response.text()),
  };
}

/** Without what is random or depends on the time. */
function mask(text: string): string {
  return text
    .replace(
      /"(token|id|userId|createdAt|updatedAt|provenAt|expiresAt|ipAddress)":"[^"]*"/g,
      '"$1":"…"',
    )
    .replace(/"token":"[^"]*"/g, '"token":"…"')
    .replace(/(session_token|auth-token|known_device)=[^;]*/g, '$1=…')
    .replace(/[\w-]{20,}\.[\w%+/=-]{20,}(\.[\w-]+)?/g, '…');
}

test.each(steps)('$title: the same response', async (step) => {
  expect(await send(ours, step)).toEqual(await send(stock, step));
});

test('BetterAuth derives nothing per request that one shared context lacks', async () => {
  const shared = await ours.auth.$context;
  expect(ours.contexts.length).toBe(stock.contexts.length);
  expect(ours.contexts.every((context) => context === shared)).toBe(true);
  const own = await stock.auth.$context;
  for (const context of stock.contexts) {
    for (const name of Object.keys(context) as (keyof AuthContext)[]) {
      // Computed for each request, and equal where no option depends on the request.
      if (name === 'trustedOrigins' || name === 'trustedProviders') {
        expect(context[name]).toEqual(own[name]);
      } else {
        expect(context[name] === own[name], name).toBe(true);
      }
    }
    expect(Object.keys(context)).toEqual(Object.keys(own));
  }
});

test('no request changes the shared context', async () => {
  const context = await ours.auth.$context;
  const before = { ...context };
  Object.freeze(context); // an assignment would throw, and the response be 500
  await ours.testDatabase.query('delete from rate_limit');
  const signIn = { title: '', path: '/sign-in/email', body: { ...user, password: changed } };
  expect(await send(ours, signIn)).toMatchObject({ status: 200 });
  expect(await send(ours, { title: '', path: '/get-session' })).toMatchObject({ status: 200 });
  expect({ ...context }).toEqual(before);
});

test('where trusted origins depend on the request, each request gets its own', async () => {
  const preview = await createSide((auth) => createRequestHandler(auth), {
    VERCEL: '1',
    VERCEL_ENV: 'preview',
    VERCEL_URL: 'auth-abc-team.vercel.app',
    BETTER_AUTH_URL: 'https://auth-abc-team.vercel.app',
    PREVIEW_ORIGINS: 'https://docs-*-team.vercel.app',
  });
  const signUp = (from: string) =>
    send(preview, {
      title: '',
      path: '/sign-up/email',
      body: { ...user, name: 'A reader' },
      headers: { origin: from },
    });
  expect(await signUp('https://evil.example')).toMatchObject({ status: 403 });
  expect(await signUp('https://docs-abc-team.vercel.app')).toMatchObject({ status: 200 });
  expect(await signUp('https://evil.example')).toMatchObject({ status: 403 });
  await preview.database.close();
  await preview.testDatabase.drop();
});
