/** Misconfiguration that only requests reveal: logged once, with the variable to change, and limited in number. */
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { sendRaw } from '../support/raw-socket.js';
import { createTestDatabase } from '../support/test-database.js';
import { startTestService, type LogLine, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

const testDatabase = await createTestDatabase();
let service: TestService | undefined;
afterEach(async () => {
  await service?.stop();
});

afterAll(() => testDatabase.drop());

async function start(env: Record<string, string> = {}): Promise<TestService> {
  service = await startTestService({
    testDatabase,
    env: { BETTER_AUTH_URL: 'https://auth.example.com', BETTER_AUTH_TRUSTED_ORIGINS: '', ...env },
  });
  await service.logStartupReport();
  return service;
}

let requests = 0;

/** Requests /session with these headers, waits for its log line, and returns the lines with this code so far. */
async function linesAfter(
  by: TestService,
  code: string,
  headers: readonly string[],
): Promise<LogLine[]> {
  requests += 1;
  const id = `finding-${requests}`;
  await sendRaw(by, ['GET /session HTTP/1.1', `X-Request-Id: ${id}`, ...headers]);
  await by.logLine(({ msg, requestId }) => msg === 'request' && requestId === id);
  return by.logLines().filter((line) => line.code === code);
}

describe('a browser that calls another host than BETTER_AUTH_URL', () => {
  const page = 'Origin: https://auth.example.com';
  const called = (by: TestService, host: string, from = page) =>
    linesAfter(by, 'BASE_URL_NOT_CALLED', [`Host: ${host}`, from]);

  test('is logged once per host, with the host and the fix', async () => {
    const by = await start();
    expect(await called(by, 'auth-git-main.vercel.app')).toEqual([
      {
        level: 'warn',
        time: expect.any(String) as string,
        code: 'BASE_URL_NOT_CALLED',
        variable: 'BETTER_AUTH_URL',
        fix: expect.stringContaining('set it to the host that browsers call') as string,
        calledHost: 'auth-git-main.vercel.app',
        requestId: expect.stringMatching(/^finding-/) as string,
        msg: expect.stringMatching(/^BETTER_AUTH_URL is not the host/) as string,
      },
    ]);
    expect(await called(by, 'AUTH-git-main.vercel.app')).toHaveLength(1);
    expect(await called(by, '127.0.0.1:3001')).toHaveLength(2);
  });

  test('is recognised by Sec-Fetch-Site if it sends no Origin', async () => {
    const lines = await called(await start(), 'other.example.com', 'Sec-Fetch-Site: same-origin');
    expect(lines).toHaveLength(1);
  });

  test.each(['auth.example.com', 'AUTH.example.com', 'auth.example.com:443'])(
    '%s is the configured host',
    async (host) => {
      expect(await called(await start(), host)).toEqual([]);
    },
  );

  test('must be a browser: a server may use an internal name', async () => {
    expect(await called(await start(), 'auth:3001', 'Accept: */*')).toEqual([]);
  });

  test('is logged even if the host is a trusted site’s, because cookies belong to one host', async () => {
    const by = await start({ BETTER_AUTH_TRUSTED_ORIGINS: 'https://docs.example.com' });
    expect(await called(by, 'docs.example.com')).toMatchObject([
      { calledHost: 'docs.example.com' },
    ]);
  });

  test('behind a proxy the browser’s host is read from X-Forwarded-Host', async () => {
    const by = await start();
    const inner = (host: string) =>
      called(by, '127.0.0.1:3001', `${page}\r\nX-Forwarded-Host: ${host}`);
    expect(await inner('auth.example.com')).toEqual([]);
    expect(await inner('auth.example.org')).toMatchObject([{ calledHost: 'auth.example.org' }]);
  });

  test('on Vercel may use either URL of a preview', async () => {
    const by = await start({
      VERCEL_ENV: 'preview',
      VERCEL_URL: 'auth-4f3k2j1h0-myteam.vercel.app',
      VERCEL_BRANCH_URL: 'auth-git-x-myteam.vercel.app',
      BETTER_AUTH_URL: '',
    });
    expect(await called(by, 'auth-4f3k2j1h0-myteam.vercel.app')).toEqual([]);
    expect(await called(by, 'auth-git-x-myteam.vercel.app')).toEqual([]);
  });

  test('cannot flood the log: at most five hosts, and only valid ones', async () => {
    const by = await start();
    for (const host of ['evil host', 'a"b', '{"level":"fatal"}', 'x'.repeat(300), 'a@b.example']) {
      expect(await called(by, host)).toEqual([]);
    }
    for (let scan = 1; scan <= 8; scan += 1) {
      expect(await called(by, `h${scan}.example`)).toHaveLength(Math.min(scan, 5));
    }
  });
});

describe('X-Forwarded-For, as sent by a proxy', () => {
  const forwarded = (by: TestService) =>
    linesAfter(by, 'CLIENT_IP_HEADER_MISSING', ['X-Forwarded-For: 203.0.113.7']);

  test('is logged once if CLIENT_IP_HEADER is not set', async () => {
    const by = await start({ CLIENT_IP_HEADER: '' });
    expect(await linesAfter(by, 'CLIENT_IP_HEADER_MISSING', [])).toEqual([]);
    const [line, ...more] = await forwarded(by);
    expect(more).toEqual([]);
    expect(line).toMatchObject({
      level: 'warn',
      variable: 'CLIENT_IP_HEADER',
      msg: 'CLIENT_IP_HEADER is not set, but the service receives X-Forwarded-For, as from a proxy: all clients share one rate limit',
    });
    expect(await forwarded(by)).toHaveLength(1);
    expect(by.logText()).not.toContain('203.0.113.7');
  });

  test('has a fix that says to leave the variable unset without a proxy, because clients could forge the header', async () => {
    const [line] = await forwarded(await start({ CLIENT_IP_HEADER: '' }));
    expect(line?.fix).toContain('without a proxy leave it unset');
  });

  test('is not logged again if startup has reported the platform’s header', async () => {
    const by = await start({ CLIENT_IP_HEADER: '', RENDER: 'true' });
    expect(await forwarded(by)).toMatchObject([
      { fix: expect.stringContaining('cf-connecting-ip') as string },
    ]);
  });

  test('is not logged if the header is configured, or known as on Vercel', async () => {
    expect(await forwarded(await start({ CLIENT_IP_HEADER: 'x-real-ip' }))).toEqual([]);
    await service?.stop();
    expect(await forwarded(await start({ CLIENT_IP_HEADER: '', VERCEL: '1' }))).toEqual([]);
  });
});

describe('the header configured by CLIENT_IP_HEADER', () => {
  const named = { CLIENT_IP_HEADER: 'x-real-ip' };
  const unread = (by: TestService, ...headers: string[]) =>
    linesAfter(by, 'CLIENT_IP_HEADER_WITHOUT_ADDRESS', headers);
  const absent = (by: TestService, ...headers: string[]) =>
    linesAfter(by, 'CLIENT_IP_HEADER_NEVER_COMES', headers);

  test('is logged once, without its value, if it has no address', async () => {
    const by = await start(named);
    const [line, ...more] = await unread(by, 'X-Real-IP: nonsense-of-a-proxy');
    expect(more).toEqual([]);
    expect(line).toMatchObject({
      level: 'warn',
      variable: 'CLIENT_IP_HEADER',
      fix: expect.stringContaining('with or without a port') as string,
    });
    expect(await unread(by, 'X-Real-IP: unknown')).toHaveLength(1);
    expect(by.logText()).not.toContain('nonsense-of-a-proxy');
  });

  test.each(['198.51.100.4', '198.51.100.4:5000', '[2001:db8::1]:443'])(
    'is valid with %s',
    async (value) => {
      const by = await start(named);
      expect(await unread(by, `X-Real-IP: ${value}`, 'Sec-Fetch-Site: none')).toEqual([]);
      expect(await absent(by, 'Sec-Fetch-Site: none')).toEqual([]); // the header has been seen: this request bypassed the proxy
    },
  );

  test('is logged once if a browser’s request does not have it', async () => {
    const by = await start(named);
    const [line] = await absent(by, 'Origin: https://auth.example.com');
    expect(line).toMatchObject({ level: 'warn', variable: 'CLIENT_IP_HEADER' });
    expect(await absent(by, 'Origin: https://auth.example.com')).toHaveLength(1);
  });

  test('may be missing in requests of servers, unless no request ever has it', async () => {
    const by = await start(named);
    for (let time = 1; time < 20; time += 1) expect(await absent(by)).toEqual([]);
    expect(await absent(by)).toHaveLength(1);
  });

  test('is reported by /diagnostics too, and thus by the doctor', async () => {
    const token = 'Vt3kQ0aZs9LmXw2yBn7cRf5dHj8gPe4u';
    const by = await start({ ...named, DIAGNOSTICS_TOKEN: token });
    await unread(by, 'X-Real-IP: unknown');
    const { json } = await new Visitor(by).ask('/diagnostics', {
      headers: { 'x-diagnostics-token': token },
    });
    const { findings } = (json as { startup: { findings: { code: string }[] } }).startup;
    expect(findings.map(({ code }) => code)).toContain('CLIENT_IP_HEADER_WITHOUT_ADDRESS');
  });
});

describe('get-session called by a server', () => {
  const path = '/api/auth/get-session';

  async function hintOf(query: string, headers: Record<string, string>, origin: string | null) {
    const by = await start({ BETTER_AUTH_URL: '', NODE_ENV: 'development' });
    const visitor = new Visitor(by, 'http://localhost:3001');
    await visitor.signUp();
    const answer = await visitor.ask(path + query, { headers, origin });
    const id = answer.headers.get('x-request-id');
    const line = await by.logLine(({ msg, requestId }) => msg === 'request' && requestId === id);
    return line.refreshHint;
  }

  test('without disableRefresh logs a hint, because the refreshed cookie does not reach the browser', async () => {
    expect(await hintOf('', {}, null)).toContain('call /session, or add ?disableRefresh=true');
  });

  test.each([
    ['with disableRefresh', '?disableRefresh=true', {}, null],
    ['by a page on another site', '', {}, 'http://localhost:3001'],
    ['by a page of the same origin', '', { 'sec-fetch-site': 'same-origin' }, null],
    ['by a page of the same origin in an older Safari', '', { 'user-agent': 'Mozilla/5.0' }, null],
  ])('%s gets none', async (_, query, headers, origin) => {
    expect(await hintOf(query, headers, origin)).toBeUndefined();
  });
});
