import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signInElsewhere } from '../support/other-browser.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

/** `token.signature`, percent-encoded: 32 characters, a dot, 44 characters of base64. */
const value = '[A-Za-z0-9]{32}\\.(?:[A-Za-z0-9]|%2B|%2F){43}%3D';

interface Topology {
  readonly env: Record<string, string>;
  /** The page's origin. */
  readonly origin: string;
  readonly name: string;
  /** The attributes of every cookie, after Max-Age. */
  readonly attributes: string;
}

const topologies: Record<string, Topology> = {
  'http on localhost': {
    env: {},
    origin: 'http://localhost:3000',
    name: 'better-auth.session_token',
    attributes: 'Path=/; HttpOnly; SameSite=Lax',
  },
  'https with every page on one site': {
    env: {
      BETTER_AUTH_URL: 'https://auth.example.com',
      BETTER_AUTH_TRUSTED_ORIGINS: 'https://docs.example.com',
    },
    origin: 'https://docs.example.com',
    name: '__Secure-better-auth.session_token',
    attributes: 'Path=/; HttpOnly; Secure; SameSite=Lax',
  },
  'https with a page on another site': {
    env: {
      BETTER_AUTH_URL: 'https://auth.example.com',
      BETTER_AUTH_TRUSTED_ORIGINS: 'https://auth.example.org,https://docs.example.com',
    },
    origin: 'https://docs.example.com',
    name: '__Secure-better-auth.session_token',
    attributes: 'Path=/; HttpOnly; Secure; SameSite=None; Partitioned',
  },
  'two hosts under a public suffix, which are two sites': {
    env: {
      BETTER_AUTH_URL: 'https://auth.vercel.app',
      BETTER_AUTH_TRUSTED_ORIGINS: 'https://docs.vercel.app',
    },
    origin: 'https://docs.vercel.app',
    name: '__Secure-better-auth.session_token',
    attributes: 'Path=/; HttpOnly; Secure; SameSite=None; Partitioned',
  },
  'COOKIE_DOMAIN shared with an API': {
    env: {
      BETTER_AUTH_URL: 'https://auth.example.com',
      BETTER_AUTH_TRUSTED_ORIGINS: 'https://docs.example.com',
      COOKIE_DOMAIN: 'example.com',
    },
    origin: 'https://docs.example.com',
    name: '__Secure-better-auth.session_token',
    attributes: 'Domain=example.com; Path=/; HttpOnly; Secure; SameSite=Lax',
  },
};

describe.each(Object.entries(topologies))('%s', (_title, { env, origin, name, attributes }) => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService({ env });
  });
  afterAll(() => service.stop());

  const weekLong = new RegExp(`^${name}=${value}; Max-Age=604800; ${attributes}$`);

  const deviceCookie = new RegExp(
    `^${name.replace('session_token', 'known_device')}=[\\w-]{59}; Max-Age=7776000; ${attributes}$`,
  );

  test('a sign-up sets exactly this cookie, a sign-in also that of a known device, once', async () => {
    const visitor = new Visitor(service, origin);
    const signedUp = await visitor.signUp();
    expect(signedUp.setCookies).toEqual([expect.stringMatching(weekLong)]);
    visitor.cookies.clear();
    const signedIn = await visitor.signIn();
    expect(signedIn.setCookies).toEqual([
      expect.stringMatching(weekLong),
      expect.stringMatching(deviceCookie), // gives no access: src/auth/known-device.ts
    ]);
    expect((await visitor.signIn()).setCookies.at(-1)).toMatch(weekLong); // known by now
    const [cookie = ''] = signedIn.setCookies;
    expect(cookie.split(';')[0]?.length).toBeLessThanOrEqual(4096); // ASVS 3.3.5
    expect((await visitor.ask('/session')).status).toBe(200);
  });

  test('sign-out clears each cookie with the name and attributes it was set with', async () => {
    const visitor = new Visitor(service, origin);
    await visitor.signUp();
    const signedOut = await visitor.signOut();
    const cleared = (cookie: string) => `${cookie}=; Max-Age=0; ${attributes}`;
    expect(signedOut.setCookies).toEqual([
      cleared(name),
      cleared(name.replace('session_token', 'session_data')),
      cleared(name.replace('session_token', 'dont_remember')),
    ]);
  });

  test('rememberMe: false sets cookies that expire when the browser closes', async () => {
    const visitor = new Visitor(service, origin);
    const { email, password } = visitor;
    const signedUp = await visitor.ask('/api/auth/sign-up/email', {
      body: { name: 'A', email, password, rememberMe: false },
    });
    expect(signedUp.setCookies).toEqual([
      expect.stringMatching(new RegExp(`^${name}=${value}; ${attributes}$`)),
      expect.stringMatching(
        new RegExp(`^${name.replace('session_token', 'dont_remember')}=[^;]+; ${attributes}$`),
      ),
    ]);
    expect((await visitor.getSession()).json).toMatchObject({ user: { email } });
  });
});

test('no other response sets a cookie: session checks, lists, rejections', async () => {
  const service = await startTestService();
  const visitor = new Visitor(service);
  await visitor.signUp();
  const phone = await signInElsewhere(service, visitor);
  const answers = [
    await visitor.getSession(),
    await visitor.ask('/session'),
    await visitor.ask('/api/auth/list-sessions'),
    await visitor.ask('/api/auth/revoke-session', { body: { token: 'nobody' } }),
    await phone.signIn('not the password'),
    await new Visitor(service).getSession(),
    await visitor.ask('/api/auth/nothing'),
  ];
  await service.stop();
  expect(answers.map(({ setCookies }) => setCookies)).toEqual(answers.map(() => []));
});
