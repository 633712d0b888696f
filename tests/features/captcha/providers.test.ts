/** Turnstile and hCaptcha: their verdicts, and an endpoint that hangs, drops or answers anything else. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../../src/config/config.js';
import { activateFeatures } from '../../../src/features/active-features.js';
import type { CaptchaSettings } from '../../../src/features/captcha/feature.js';
import { findStartupFaults } from '../../../src/features/captcha/startup.js';
import { tokenHeader } from '../../support/captcha.js';
import { readExposition } from '../../support/exposition.js';
import { startTestService, testEnvironment, type TestService } from '../../support/test-service.js';
import { Visitor } from '../../support/visitor.js';

const diagnosticsToken = 'Zk4t8Mp0aWq2xYc7vN1sLd5hRf9gJb3e';
const secretKey = 'the-secret-key-of-the-site';
const passes = { success: true, hostname: 'localhost' };

let provider: Server;
let respond: RequestListener;
let asked: Record<string, string>[] = [];
const json =
  (body: unknown, status = 200): RequestListener =>
  (_req, res) =>
    void res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

beforeAll(async () => {
  provider = createServer((req, res) => {
    void text(req).then((body) => {
      asked.push(Object.fromEntries(new URLSearchParams(body)));
      respond(req, res);
    });
  });
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  provider.closeAllConnections();
  provider.close();
});

const verifyUrl = () => `http://127.0.0.1:${(provider.address() as AddressInfo).port}/siteverify`;

function settingsOf(
  changes: { provider?: 'hcaptcha'; isOpenOnOutage?: boolean } = {},
): CaptchaSettings {
  const siteKey = 'the-site-key';
  const settings = { provider: 'turnstile', siteKey, secretKey, verifyUrl: verifyUrl() } as const;
  return { ...settings, isOpenOnOutage: true, ...changes };
}

/** A service of its own for each test: after a failure the provider is not asked for a while. */
async function start(settings: CaptchaSettings = settingsOf()): Promise<TestService> {
  const env = { DIAGNOSTICS_TOKEN: diagnosticsToken, RATE_LIMIT_SIGN_IN_PER_ADDRESS: '2/10m' };
  const { features } = readConfig(
    { DATABASE_URL: 'postgresql://a:b@127.0.0.1/c', ...testEnvironment, ...env },
    new Date(),
  );
  respond = json(passes);
  const service = await startTestService({
    env,
    features: activateFeatures({ ...features, captcha: settings }),
  });
  await service.logStartupReport(); // which asks the provider as well
  asked = [];
  return service;
}

/** The second of two requests that the limit allows, for which the captcha is due. */
async function ask(service: TestService, token?: string) {
  const visitor = new Visitor(service);
  expect((await visitor.signUp()).status).toBe(200);
  return visitor.ask('/api/auth/sign-up/email', {
    body: { name: 'Ada', email: new Visitor(service).email, password: visitor.password },
    ...(token !== undefined && { headers: { [tokenHeader]: token } }),
  });
}

async function counted(service: TestService, result: string): Promise<number> {
  const { text: metrics } = await new Visitor(service).ask('/metrics', {
    headers: { 'x-diagnostics-token': diagnosticsToken },
  });
  const found = readExposition(metrics).find(
    ({ name, labels }) => name === 'auth_captcha_total' && labels.result === result,
  );
  return found?.value ?? NaN;
}

describe('a verdict', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await start();
  });
  afterAll(() => service.stop());

  test('without a token the response has the site key, and the provider is not asked', async () => {
    asked = [];
    const answer = await ask(service);
    expect(answer.status).toBe(403);
    expect(answer.json).toMatchObject({
      code: 'CAPTCHA_REQUIRED',
      reason: 'captcha_required',
      captcha: { provider: 'turnstile', siteKey: 'the-site-key' },
    });
    expect(asked).toEqual([]);
    expect(answer.text).not.toContain(secretKey);
  });

  test('a token that the provider accepts passes; the visitor is not identified to the provider', async () => {
    respond = json(passes);
    asked = [];
    const before = await counted(service, 'passed');
    expect((await ask(service, 'a-token')).status).toBe(200);
    expect(asked).toEqual([{ secret: secretKey, response: 'a-token' }]);
    expect(await counted(service, 'passed')).toBe(before + 1);
  });

  test.each<[string, unknown]>([
    ['captcha_wrong', { success: false, 'error-codes': ['invalid-input-response'] }],
    ['captcha_wrong', { success: false }],
    ['captcha_wrong', { success: false, 'error-codes': ['toString'] }],
    ['captcha_expired', { success: false, 'error-codes': ['timeout-or-duplicate'] }],
    ['captcha_expired', { success: false, 'error-codes': ['expired-input-response'] }],
    ['captcha_used', { success: false, 'error-codes': ['already-seen-response'] }],
    ['captcha_wrong', { success: true, hostname: 'evil.example' }],
    ['captcha_wrong', { success: true, hostname: 'localhost.evil.example' }],
    ['captcha_wrong', { success: true, hostname: 42 }],
    ['captcha_wrong', { success: true }],
  ])('%s for %o', async (reason, verdict) => {
    respond = json(verdict);
    const before = await counted(service, reason);
    const answer = await ask(service, 'a-token');
    expect(answer.status).toBe(403);
    expect(answer.json).toMatchObject({
      code: reason.toUpperCase(),
      reason,
      captcha: { provider: 'turnstile', siteKey: 'the-site-key' },
    });
    expect(await counted(service, reason)).toBe(before + 1);
  });

  test('a token that is longer than any is not sent', async () => {
    asked = [];
    expect((await ask(service, 'x'.repeat(8_193))).json).toMatchObject({ reason: 'captcha_wrong' });
    expect(asked).toEqual([]);
  });

  test('the features list has provider and site key, and no secret', async () => {
    const { json: body, text: sent } = await new Visitor(service).ask('/api/auth/features');
    expect(body).toMatchObject({
      features: { captcha: { provider: 'turnstile', siteKey: 'the-site-key' } },
    });
    expect(sent).not.toContain(secretKey);
  });
});

test('hCaptcha is asked with the site key; a page that sends no referrer has no hostname', async () => {
  const service = await start(settingsOf({ provider: 'hcaptcha' }));
  try {
    respond = json({ success: true, hostname: 'not-provided' });
    expect((await ask(service, 'a-token')).status).toBe(200);
    expect(asked).toEqual([{ secret: secretKey, response: 'a-token', sitekey: 'the-site-key' }]);
  } finally {
    await service.stop();
  }
});

const outages: [string, RequestListener][] = [
  ['hangs', () => undefined],
  ['sends a body that does not end', (_req, res) => void res.write('{"success":')],
  ['drops the connection', (req) => void req.socket.destroy()],
  ['answers 500', (_req, res) => void res.writeHead(500).end()],
  ['answers 429', json({ success: false }, 429)],
  [
    'redirects, which is not followed',
    (_req, res) => void res.writeHead(302, { location: '/elsewhere' }).end(),
  ],
  ['answers with a web page', (_req, res) => void res.end('<!doctype html><title>Login</title>')],
  ['answers with JSON that is no verdict', json({ success: 'yes' })],
  ['answers with 600 kB', json({ ...passes, filler: 'x'.repeat(600_000) })],
  ['reports a fault of its own', json({ success: false, 'error-codes': ['internal-error'] })],
];

describe.each([
  ['open', true, 200],
  ['closed', false, 403],
])('CAPTCHA_ON_OUTAGE=%s', (_name, isOpenOnOutage, status) => {
  test.each(outages)('a provider that %s', async (_what, listener) => {
    const service = await start(settingsOf({ isOpenOnOutage }));
    try {
      respond = listener;
      const startedAt = performance.now();
      const answer = await ask(service, 'a-token');
      expect(performance.now() - startedAt).toBeLessThan(5_000);
      expect(answer.status).toBe(status);
      if (!isOpenOnOutage) {
        expect(answer.json).toMatchObject({
          code: 'CAPTCHA_UNAVAILABLE',
          reason: 'captcha_unavailable',
        });
      }
      expect(await counted(service, 'captcha_unavailable')).toBe(1);
      const line = await service.logLine(({ msg }) => msg === 'a captcha was not checked');
      expect(line).toMatchObject({ level: 'warn', reason: 'captcha_unavailable' });
      expect(line.fix).toBeDefined();
      expect(service.logText()).not.toContain(secretKey);
      // Further requests neither wait nor ask, whether they have a token or not.
      const next = await Promise.all([ask(service, 'a-token'), ask(service)]);
      expect(next.map((each) => each.status)).toEqual([status, status]);
      expect(asked).toHaveLength(1);
    } finally {
      await service.stop();
    }
  });
});

test('a token of another site key is a wrong token, and no outage that lets requests pass', async () => {
  const service = await start(settingsOf({ isOpenOnOutage: true }));
  try {
    respond = json({ success: false, 'error-codes': ['sitekey-secret-mismatch'] });
    const answer = await ask(service, 'a-token-of-another-site');
    expect([answer.status, answer.json?.reason]).toEqual([403, 'captcha_wrong']);
  } finally {
    await service.stop();
  }
});

test.each([
  ['open', true, 200],
  ['closed', false, 403],
])('a wrong secret key, %s: an error that names the setting', async (_, isOpenOnOutage, status) => {
  const service = await start(settingsOf({ isOpenOnOutage }));
  try {
    respond = json({ success: false, 'error-codes': ['invalid-input-secret'] }, 400);
    const answer = await ask(service, 'a-token');
    expect(answer.status).toBe(status);
    if (!isOpenOnOutage) expect(answer.json).toMatchObject({ reason: 'captcha_secret_wrong' });
    const line = await service.logLine(({ reason }) => reason === 'captcha_secret_wrong');
    expect(line.level).toBe('error');
    expect(line.fix).toContain('CAPTCHA_SECRET_KEY');
    expect(await counted(service, 'captcha_secret_wrong')).toBe(1);
  } finally {
    await service.stop();
  }
});

test('the start reports a wrong secret key and a provider that cannot be asked', async () => {
  const service = await start();
  try {
    const services = { config: service.config, database: service };
    const codes = async () =>
      (await findStartupFaults(settingsOf(), services)).map(({ code }) => code);
    respond = json({ success: false, 'error-codes': ['invalid-input-response'] });
    expect(await codes()).toEqual([]);
    respond = json({ success: false, 'error-codes': ['invalid-input-secret'] });
    expect(await codes()).toEqual(['CAPTCHA_SECRET_WRONG']);
    respond = (_req, res) => void res.writeHead(503).end();
    expect(await codes()).toEqual(['CAPTCHA_UNAVAILABLE']);
    asked = [];
    expect(await findStartupFaults({ provider: 'altcha', isOpenOnOutage: true }, services)).toEqual(
      [],
    );
    expect(asked).toEqual([]);
  } finally {
    await service.stop();
  }
});
