/** Breached passwords are refused, a sign-in with one succeeds with advice, and an outage of the API stops nobody. */
import { createHash } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readConfig } from '../../../src/config/config.js';
import { activateFeatures } from '../../../src/features/active-features.js';
import { findStartupFaults } from '../../../src/features/breached-passwords/startup.js';
import { everyFeatureOn } from '../../support/every-feature.js';
import { readExposition } from '../../support/exposition.js';
import { MailVisitor, startMailingService } from '../../support/mailed-link.js';
import { beginSignIn, enrol, steadyStep, verifyTotp } from '../../support/second-factor.js';
import { testEnvironment, startTestService, type TestService } from '../../support/test-service.js';
import { Visitor } from '../../support/visitor.js';

const breached = 'xkcd-battery-936';
const token = 'Zk4t8Mp0aWq2xYc7vN1sLd5hRf9gJb3e';

let server: Server;
let respond: RequestListener;
let asked: { url: string; padding: string | undefined }[];
let service: TestService;

const suffixOf = (password: string) =>
  createHash('sha1').update(password).digest('hex').toUpperCase().slice(5);
const line = (password: string, count: number) => `${suffixOf(password)}:${count}`;
const range: RequestListener = (_req, res) => {
  res.end([line('something else', 7), line(breached, 42), line('padding', 0)].join('\r\n'));
};

const rangeUrl = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/range/`;

function featuresOn(env: Record<string, string>) {
  const { features } = readConfig(
    { DATABASE_URL: 'postgresql://a:b@127.0.0.1/c', ...testEnvironment, ...env },
    new Date(),
  );
  return activateFeatures({ ...features, 'breached-passwords': { rangeUrl: rangeUrl() } });
}

beforeAll(async () => {
  server = createServer((req, res) => {
    asked.push({ url: req.url ?? '', padding: req.headers['add-padding']?.toString() });
    respond(req, res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const env = {
    DIAGNOSTICS_TOKEN: token,
    RATE_LIMIT_SIGN_IN_PER_ADDRESS: '1000/1m',
    SECOND_FACTOR: 'optional',
  };
  asked = [];
  respond = range;
  service = await startTestService({ env, features: featuresOn(env) });
  await service.logStartupReport(); // which looks a password up as well
});
beforeEach(() => {
  asked = [];
  respond = range;
});
afterAll(async () => {
  await service.stop();
  server.closeAllConnections();
  server.close();
});

function signUp(visitor: Visitor, password: string) {
  const body = { name: 'A Visitor', email: visitor.email, password };
  return visitor.ask('/api/auth/sign-up/email', { body });
}

async function counted(result: string): Promise<number> {
  const { text } = await new Visitor(service).ask('/metrics', {
    headers: { 'x-diagnostics-token': token },
  });
  const sample = readExposition(text).find(
    ({ name, labels }) => name === 'auth_breached_passwords_total' && labels.result === result,
  );
  return sample?.value ?? NaN;
}

test('a sign-up with a breached password is refused; only five digits of its hash are sent', async () => {
  const before = await counted('refused');
  const visitor = new Visitor(service);
  const answer = await signUp(visitor, breached);
  expect(answer.status).toBe(400);
  expect(answer.json).toMatchObject({
    code: 'PASSWORD_BREACHED',
    message: 'This password is known from a data breach. Choose another.',
  });
  expect(answer.setCookies).toEqual([]);
  const prefix = createHash('sha1').update(breached).digest('hex').toUpperCase().slice(0, 5);
  expect(asked).toEqual([{ url: `/range/${prefix}`, padding: 'true' }]);
  expect(await counted('refused')).toBe(before + 1);
  const found = await service.database.query('select 1 from "user" where email = $1', [
    visitor.email,
  ]);
  expect(found).toEqual([]);
});

test('a padded line, which was seen 0 times, is no breach', async () => {
  expect((await signUp(new Visitor(service), 'padding')).status).toBe(400); // too short: not asked
  respond = (_req, res) => void res.end(`${line('padding-line-1', 0)}\r\n`);
  expect((await signUp(new Visitor(service), 'padding-line-1')).status).toBe(200);
});

test('a change to a breached password is refused, and the old one stays', async () => {
  const visitor = new Visitor(service);
  await visitor.signUp();
  const body = { currentPassword: visitor.password, newPassword: breached };
  const answer = await visitor.ask('/api/auth/change-password', { body });
  expect(answer.json).toMatchObject({ code: 'PASSWORD_BREACHED' });
  expect((await visitor.signIn()).status).toBe(200);
});

test('a reset to a breached password is refused, and the link stays valid', async () => {
  const { BREACHED_PASSWORDS, PWNED_LIST } = everyFeatureOn;
  const mailing = await startMailingService({ BREACHED_PASSWORDS, PWNED_LIST });
  try {
    const owner = new MailVisitor(mailing);
    await owner.signUp();
    await owner.ask('/api/auth/request-password-reset', { body: { email: owner.email } });
    const token = await mailing.tokenFor(owner.email);
    const reset = (newPassword: string) =>
      owner.ask('/api/auth/reset-password', { body: { token, newPassword } });
    const refused = await reset('breached-in-every-test'); // the one password of the list
    expect(refused.status).toBe(400);
    expect(refused.json).toMatchObject({ code: 'PASSWORD_BREACHED' });
    expect((await reset('another-good-password-42')).status).toBe(200);
  } finally {
    await mailing.stop();
  }
});

test('a password that is too short or too long is not looked up', async () => {
  expect((await signUp(new Visitor(service), 'short')).status).toBe(400);
  expect((await signUp(new Visitor(service), 'x'.repeat(129))).status).toBe(400);
  expect(asked).toEqual([]);
});

describe('sign-in', () => {
  /** A user whose password became known after the sign-up. */
  async function withBreachedPassword(): Promise<Visitor> {
    const visitor = Object.assign(new Visitor(service), { password: breached });
    respond = (_req, res) => void res.end(line('something else', 7));
    expect((await signUp(visitor, breached)).status).toBe(200);
    respond = range;
    return visitor;
  }

  test('with a breached password succeeds, with advice in the response and the log', async () => {
    const before = await counted('advised');
    const visitor = await withBreachedPassword();
    const answer = await visitor.signIn();
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({
      token: expect.any(String) as string,
      user: { email: visitor.email },
      passwordBreached: true,
    });
    expect((await visitor.ask('/session')).status).toBe(200);
    expect(await counted('advised')).toBe(before + 1);
    const advice = await service.logLine(({ msg }) => /known from a data breach/.test(msg));
    expect(advice.userId).toBeDefined();
    expect(service.logText()).not.toContain(breached);
  });

  test('with a breached password and a second factor has the advice in the completed response, once', async () => {
    const visitor = await withBreachedPassword();
    await steadyStep();
    const app = await enrol(service, visitor);
    const browser = new Visitor(service);
    const pending = await beginSignIn(browser, visitor);
    expect(pending.json).toMatchObject({ secondFactor: 'verify', passwordBreached: true });
    expect((await verifyTotp(browser, '000000')).json).not.toHaveProperty('passwordBreached');
    const completed = await verifyTotp(browser, app.code());
    expect(completed.json).toMatchObject({
      token: expect.any(String) as string,
      user: { email: visitor.email },
      passwordBreached: true,
    });
    await app.forgetLastCode();
    const raised = await verifyTotp(browser, app.code());
    expect([raised.status, raised.json?.passwordBreached]).toEqual([200, undefined]);
    const rows = await service.database.query(
      `select 1 from verification where identifier like 'password-breached|%'`,
    );
    expect(rows).toEqual([]);
  });

  test('the advice for one pending sign-in is not given to another one of the same user', async () => {
    const visitor = await withBreachedPassword();
    await steadyStep();
    const app = await enrol(service, visitor);
    await beginSignIn(new Visitor(service), visitor);
    respond = (_req, res) => void res.end(line('something else', 7));
    const other = new Visitor(service);
    await beginSignIn(other, visitor);
    const completed = await verifyTotp(other, app.code());
    expect([completed.status, completed.json?.passwordBreached]).toEqual([200, undefined]);
  });

  test('with another password has no advice; with a wrong one nothing is looked up', async () => {
    const visitor = new Visitor(service);
    await visitor.signUp();
    expect((await visitor.signIn()).json).not.toHaveProperty('passwordBreached');
    asked = [];
    expect((await visitor.signIn(breached)).status).toBe(401);
    expect(asked).toEqual([]);
  });

  test('after a failure sign-ins do not wait for further lookups', async () => {
    const visitor = new Visitor(service);
    await visitor.signUp();
    respond = (_req, res) => void res.writeHead(500).end();
    expect((await visitor.signIn()).status).toBe(200);
    expect((await visitor.signIn()).status).toBe(200);
    expect(asked).toHaveLength(2); // the sign-up and the first sign-in
    respond = range;
    expect((await signUp(new Visitor(service), breached)).status).toBe(400); // ends the pause
    expect((await visitor.signIn()).status).toBe(200);
    expect(asked).toHaveLength(4);
  });
});

const hostile: [string, string, RequestListener][] = [
  ['status', 'status 500', (_req, res) => void res.writeHead(500).end()],
  ['status', 'status 429', (_req, res) => void res.writeHead(429).end('slow down')],
  [
    'status',
    'a redirect, which is not followed',
    (_req, res) => void res.writeHead(302, { location: '/elsewhere' }).end(),
  ],
  ['timeout', 'no response', () => undefined],
  [
    'timeout',
    'a body that does not end',
    (_req, res) => void res.write(`${line('something else', 7)}\r\n`),
  ],
  ['unreachable', 'a dropped socket', (req) => void req.socket.destroy()],
  [
    'unreachable',
    'a socket that is dropped in the middle of the body',
    (req, res) => {
      res.writeHead(200, { 'content-length': '5000' });
      res.write(line('something else', 7), () => req.socket.destroy());
    },
  ],
  ['malformed', 'a web page', (_req, res) => void res.end('<!doctype html><title>Login</title>')],
  [
    'malformed',
    'a body of several megabytes',
    (_req, res) => void res.end(`${line('something else', 7)}\r\n`.repeat(100_000)),
  ],
];

test.each(hostile)(
  '%s: on %s the password is accepted, counted and logged',
  async (reason, _, listener) => {
    const before = await counted(reason);
    respond = listener;
    const started = performance.now();
    const answer = await signUp(new Visitor(service), breached);
    expect(answer.status).toBe(200);
    expect(performance.now() - started).toBeLessThan(4_000);
    expect(await counted(reason)).toBe(before + 1);
    const requestId = answer.headers.get('x-request-id');
    const logged = await service.logLine(
      (each) => each.requestId === requestId && each.reason === reason,
    );
    expect(logged).toMatchObject({ level: 'warn', msg: 'a password was not checked for breaches' });
    expect(logged.fix).toBeDefined();
  },
);

test('the start reports that passwords cannot be checked', async () => {
  const settings = { rangeUrl: rangeUrl() };
  expect(await findStartupFaults(settings)).toEqual([]);
  respond = (_req, res) => void res.writeHead(503).end();
  expect(await findStartupFaults(settings)).toMatchObject([
    { level: 'warn', code: 'BREACHED_PASSWORDS_UNCHECKED', variable: 'BREACHED_PASSWORDS' },
  ]);
});
