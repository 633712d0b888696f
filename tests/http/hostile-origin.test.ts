import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sendRaw } from '../support/raw-socket.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

let service: TestService;
let visitor: Visitor;
beforeAll(async () => {
  service = await startTestService({
    env: {
      BETTER_AUTH_URL: 'https://auth.example.com',
      BETTER_AUTH_TRUSTED_ORIGINS: 'https://docs.example.com,https://www.example.com:8443',
    },
  });
  visitor = new Visitor(service, 'https://docs.example.com');
  await visitor.signUp();
});
afterAll(() => service.stop());

const hostile = {
  'another site': 'https://evil.example',
  'another scheme': 'http://docs.example.com',
  'another port': 'https://docs.example.com:8443',
  'the port left out': 'https://www.example.com',
  'the default port written out': 'https://docs.example.com:443',
  'a subdomain': 'https://evil.docs.example.com',
  'the parent domain': 'https://example.com',
  'a prefix': 'https://evil-docs.example.com',
  'a suffix': 'https://docs.example.com.evil.example',
  'a suffix without a dot': 'https://docs.example.comevil',
  'a trailing dot': 'https://docs.example.com.',
  'a trailing slash': 'https://docs.example.com/',
  'a path': 'https://docs.example.com/evil',
  'a user name': 'https://docs.example.com@evil.example',
  'a user name before the trusted host': 'https://evil@docs.example.com',
  'upper case': 'https://DOCS.example.com',
  'an upper-case scheme': 'HTTPS://docs.example.com',
  'another character for the dot': 'https://docs-example.com',
  'a blank list of two': 'https://docs.example.com https://evil.example',
  'a list of two': 'https://docs.example.com, https://evil.example',
  'the word null': 'null',
  'no scheme': 'docs.example.com',
  'another kind of scheme': 'file://docs.example.com',
  'nothing at all': '',
};

describe.each(Object.entries(hostile))('an Origin with %s', (_title, origin) => {
  test('reads nothing', async () => {
    const seen = await new Visitor(service, origin).ask('/session', {
      headers: { cookie: visitor.cookieHeader },
    });
    expect(seen.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('cannot sign in: 403, no cookie, no session', async () => {
    expect(process.env.NODE_ENV).toBe('test'); // with which BetterAuth's defaults check no origin
    const { email, password } = visitor;
    const before = await service.database.query('select id from session');
    const answer = await new Visitor(service, origin).ask('/api/auth/sign-in/email', {
      body: { email, password },
    });
    expect(answer.status).toBe(403);
    expect(answer.json?.code).toBe(origin === 'null' ? 'MISSING_OR_NULL_ORIGIN' : 'INVALID_ORIGIN');
    expect(answer.setCookies).toEqual([]);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect(await service.database.query('select id from session')).toEqual(before);
  });

  test("cannot sign out with the user's cookie", async () => {
    const answer = await new Visitor(service, origin).ask('/api/auth/sign-out', {
      body: {},
      headers: { cookie: visitor.cookieHeader },
    });
    expect(answer.status).toBe(403);
    expect(answer.setCookies).toEqual([]);
    expect((await visitor.ask('/session')).status).toBe(200);
  });
});

test('two Origin headers, of which the first is trusted, are rejected', async () => {
  const answer = await sendRaw(service, [
    'POST /api/auth/sign-out HTTP/1.1',
    'Origin: https://docs.example.com',
    'Origin: https://evil.example',
    `Cookie: ${visitor.cookieHeader}`,
    'Content-Length: 0',
  ]);
  expect(answer.status).toBe(403);
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
});

test('a callbackURL on another host is rejected before the sign-in', async () => {
  const { email, password } = visitor;
  for (const callbackURL of ['https://evil.example/', '//evil.example', '/\\evil.example']) {
    const browser = new Visitor(service, 'https://docs.example.com');
    const body = { email, password, callbackURL };
    const answer = await browser.ask('/api/auth/sign-in/email', { body });
    expect(answer.status).toBe(403);
    expect(answer.json).toMatchObject({ code: 'INVALID_CALLBACK_URL' });
    expect(answer.headers.get('location')).toBeNull();
    expect(answer.setCookies).toEqual([]);
  }
});
