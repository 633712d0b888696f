/** Applications that are not web pages: web views and extensions send an Origin, native ones (Expo) their scheme. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

let service: TestService;
beforeAll(async () => {
  service = await startTestService({
    env: {
      BETTER_AUTH_URL: 'https://auth.example.com',
      BETTER_AUTH_TRUSTED_ORIGINS: [
        'https://docs.example.com',
        'capacitor://localhost',
        'chrome-extension://abcdefghijklmnopabcdefghijklmnop',
        'myapp://',
      ].join(),
    },
  });
});
afterAll(() => service.stop());

/** Like Expo's client: its own header instead of Origin, and a manual Cookie header. */
class NativeApp extends Visitor {
  constructor(private readonly scheme: string) {
    super(service);
  }

  override ask(path: string, options: Parameters<Visitor['ask']>[1] = {}) {
    const headers = { 'expo-origin': this.scheme, ...options.headers };
    return super.ask(path, { origin: null, ...options, headers });
  }
}

async function signsInAndOut(visitor: Visitor): Promise<number[]> {
  const answers = [];
  answers.push(await visitor.signUp());
  answers.push(await visitor.ask('/api/auth/update-user', { body: { name: 'B' } }));
  answers.push(await visitor.signOut());
  answers.push(await visitor.signIn());
  return answers.map(({ status }) => status);
}

test.each(['capacitor://localhost', 'chrome-extension://abcdefghijklmnopabcdefghijklmnop'])(
  'a page of %s can sign up, update the name, sign out and in, and read the responses',
  async (origin) => {
    const visitor = new Visitor(service, origin);
    expect(await signsInAndOut(visitor)).toEqual([200, 200, 200, 200]);
    const seen = await visitor.getSession();
    expect(seen.headers.get('access-control-allow-origin')).toBe(origin);
  },
);

test.each(['myapp://', 'myapp:///', 'myapp://10.0.0.7:8081/--/'])(
  'a native app that sends its scheme as %s can sign up, update the name, sign out and in',
  async (scheme) => {
    expect(await signsInAndOut(new NativeApp(scheme))).toEqual([200, 200, 200, 200]);
  },
);

describe.each([
  'otherapp://',
  'myapp2://',
  'xmyapp://',
  'MYAPP://',
  'myapp:',
  'myapp://a b',
  'myapp://x@y',
  'https://docs.example.com',
  'https://auth.example.com',
  'null',
  'javascript://',
  'file://',
])('expo-origin: %s', (scheme) => {
  test('is rejected and changes nothing', async () => {
    const app = new NativeApp('myapp://');
    await app.signUp();
    const answer = await app.ask('/api/auth/update-user', {
      body: { name: 'Eve' },
      headers: { 'expo-origin': scheme },
    });
    expect(answer.status).toBe(403);
    expect(['INVALID_ORIGIN', 'MISSING_OR_NULL_ORIGIN']).toContain(answer.json?.code);
    expect((await app.ask('/session')).json).toMatchObject({ user: { name: 'A Visitor' } });
  });
});

test('a page’s Origin takes precedence over expo-origin', async () => {
  const visitor = new Visitor(service, 'https://evil.example');
  const answer = await visitor.ask('/api/auth/sign-in/email', {
    body: { email: visitor.email, password: visitor.password },
    headers: { 'expo-origin': 'myapp://' },
  });
  expect(answer.status).toBe(403);
  expect(answer.json).toMatchObject({ code: 'INVALID_ORIGIN' });
});

const hints = [
  ['no Origin', null, /without an Origin: .*BETTER_AUTH_URL.*no Cookie.*myapp:\/\//],
  ['null', 'null', /null can never be trusted/],
  ['another site', 'https://evil.example', /add the origin to BETTER_AUTH_TRUSTED_ORIGINS/],
  ['another app', 'otherapp://', /add the origin to BETTER_AUTH_TRUSTED_ORIGINS/],
  ['another extension', 'moz-extension://abc', /add the origin to BETTER_AUTH_TRUSTED_ORIGINS/],
  ['a file', 'file://', /opened as a file/],
  ['a slash at the end', 'https://docs.example.com/', /no browser sends such an origin/],
  ['capitals', 'HTTPS://docs.example.com', /no browser sends such an origin/],
] as const;

test.each(hints)('a POST with cookies and %s logs a useful hint', async (...row) => {
  const [, origin, hint] = row;
  const visitor = new Visitor(service, 'https://docs.example.com');
  await visitor.signUp();
  const answer = await visitor.ask('/api/auth/update-user', { body: { name: 'Eve' }, origin });
  expect(answer.status).toBe(403);
  const requestId = answer.headers.get('x-request-id');
  const isMissing = origin === null || origin === 'null';
  expect(answer.json).toEqual({
    code: isMissing ? 'MISSING_OR_NULL_ORIGIN' : 'INVALID_ORIGIN',
    message: isMissing
      ? 'A request with cookies requires the Origin of a trusted page or application.'
      : 'This origin is not trusted.',
    requestId,
  });
  const line = service.logLines().find((fields) => fields.requestId === requestId);
  expect(line?.originHint).toMatch(hint);
});
