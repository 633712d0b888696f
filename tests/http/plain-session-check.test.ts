/**
 * Compares a service that answers plain session checks before Express with one in which Express answers everything,
 * request by request: the bytes of the response, the log lines and the counts.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Environment } from '../../src/config/environment.js';
import type { ActiveFeature } from '../../src/features/slots.js';
import type { Middleware } from '../../src/http/middleware.js';
import { signCookie } from '../support/better-call.js';
import { everyFeatureWithoutRedis } from '../support/every-feature.js';
import { readExposition } from '../support/exposition.js';
import type { FaultyNetwork } from '../support/faulty-network.js';
import type { TestDatabase } from '../support/test-database.js';
import { startTestService, testSecret, type TestService } from '../support/test-service.js';
import { until } from '../support/until.js';
import { useFaultyDatabase } from '../support/use-service.js';
import { Visitor } from '../support/visitor.js';

const previousSecret = 'an-earlier-secret-that-is-long-enough-0123456789';
const origin = 'http://localhost:3000';
const diagnosticsToken = everyFeatureWithoutRedis.DIAGNOSTICS_TOKEN;

let answeredByExpress: boolean[] = [];

/** Records which way a request takes, and fails where the request asks for it. */
const probe: Middleware = (req, res, next) => {
  answeredByExpress.push('originalUrl' in req); // set by Express's router
  const fault = req.headers['x-fault'];
  if (fault === 'thrown') throw new Error('thrown');
  if (fault === 'rejected') return Promise.reject(new Error('rejected'));
  if (fault === 'passed') next(new Error('passed'));
  else if (fault === 'late') {
    res.write('partly sent');
    throw new Error('late');
  } else if (fault === 'status') next(Object.assign(new Error('refused'), { status: 400 }));
  else next();
};

const probing: ActiveFeature = {
  name: 'probing',
  loadInputRule: () => Promise.resolve(undefined),
  createRoutes: () => [
    { stage: 'observe', handlers: [probe] },
    { stage: 'private', path: '/private', handlers: [(_req, res) => void res.end('private')] },
    { stage: 'public', path: '/public', handlers: [(_req, res) => void res.end('public')] },
  ],
  loadAuthPart: () => Promise.resolve(undefined),
  findStartupFaults: () => Promise.resolve([]),
};

interface Pair {
  readonly plain: TestService;
  readonly express: TestService;
}

let database: TestDatabase;
let network: FaultyNetwork;
useFaultyDatabase((started) => ({ testDatabase: database, network } = started), 'file');

/** @param options in addition to those of every pair */
async function startPair(env: Environment, options: { deadlineMs?: number } = {}): Promise<Pair> {
  const start = (adaptApp?: (app: object) => void) =>
    startTestService({
      env: {
        DATABASE_URL: network.url,
        BETTER_AUTH_SECRETS: `2:${testSecret},1:${previousSecret}`,
        ...env,
      },
      testDatabase: database,
      extraFeatures: [probing],
      ...options,
      ...(adaptApp && { adaptApp }),
    });
  const { handle } = express.application as unknown as { handle: unknown };
  const pair = {
    plain: await start(),
    express: await start((app) => void Object.assign(app, { handle })), // removes the override
  };
  await pair.plain.logStartupReport();
  await pair.express.logStartupReport();
  return pair;
}

/** Everything that a request causes, without what differs from request to request. */
interface Effects {
  readonly answer: string;
  readonly lines: readonly object[];
}

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

function withoutVariation(text: string): string {
  return text
    .replace(/^Date: .*$/gm, 'Date: now')
    .replace(/dur=\d+\.\d\d/g, 'dur=some')
    .replace(/ended \d+ s ago by the database's clock, [^;"]+/g, 'ended')
    .replace(/"hintId":"[0-9a-f]{6}"/g, '"hintId":"some"') // of a hint with the time
    .replace(/"(trace_id|span_id)":"[0-9a-f]+"/g, '"$1":"some"')
    .replace(uuid, 'uuid');
}

/** A stack names the functions of Express. */
const varyingFields = ['time', 'durationMs', 'stack'];
const withoutVaryingFields = (key: string, value: unknown) =>
  varyingFields.includes(key) ? undefined : value;

/** @param isRead whether to wait for the response, or to disconnect while it is being prepared */
async function send(
  service: TestService,
  head: readonly string[],
  isRead = true,
): Promise<Effects> {
  const before = service.logLines().length;
  const isLogged = service.config.logLevel !== 'silent';
  const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
  let answer = '';
  socket.setEncoding('latin1').on('data', (part: string) => (answer += part));
  socket.on('error', () => undefined);
  const host = head.some((line) => /^host:/i.test(line)) ? [] : ['Host: localhost:3001'];
  socket.write([...head, ...host, 'Connection: close', '', ''].join('\r\n'));
  if (isRead) await once(socket, 'close');
  else {
    await new Visitor(service).ask('/health', { headers: { 'x-request-id': 'afterwards' } });
    socket.destroy();
  }
  const newLines = () => service.logLines().slice(before).filter(isOfRequest);
  if (isLogged) {
    await service.logLine((line) => newLines().includes(line) || newLines().some(isRequestLine));
  }
  return {
    answer: withoutVariation(answer),
    lines: JSON.parse(
      withoutVariation(JSON.stringify(newLines(), withoutVaryingFields)),
    ) as object[],
  };
}

type Line = ReturnType<TestService['logLines']>[number];
const isOfRequest = (line: Line) => 'requestId' in line && line.requestId !== 'afterwards';
const isRequestLine = (line: Line) => isOfRequest(line) && line.msg === 'request';

/** @returns the effects, which are the same for both services */
async function compare({ plain, express }: Pair, head: readonly string[], isRead = true) {
  const effects = await send(plain, head, isRead);
  expect(await send(express, head, isRead)).toEqual(effects);
  return effects;
}

const deployments: Record<string, Environment> = {
  'default settings': {},
  // Without mails, whose log lines come at times of their own.
  'every feature on': {
    ...everyFeatureWithoutRedis,
    COOKIE_DEBUG_UNTIL: undefined,
    EMAIL_VERIFICATION: 'off',
  },
  'https and log level debug': {
    BETTER_AUTH_URL: 'https://auth.example.com',
    BETTER_AUTH_TRUSTED_ORIGINS: `https://docs.example.com,${origin}`,
    LOG_LEVEL: 'debug',
  },
  'a silent log': { LOG_LEVEL: 'silent' },
};

describe.each(Object.entries(deployments))('%s', (_title, env) => {
  let pair: Pair;
  let name: string;
  let visitor: Visitor;
  let expired: Visitor;
  let token: string;
  beforeAll(async () => {
    pair = await startPair(env);
    name = pair.plain.config.cookies.sessionCookieName;
    [visitor, expired] = [new Visitor(pair.plain, origin), new Visitor(pair.express, origin)];
    token = String((await visitor.signUp()).json?.token);
    await expired.signUp();
    await database.query(
      `update session set expires_at = now() - interval '1 hour' from "user" u
       where u.id = user_id and email = $1`,
      [expired.email],
    );
  });
  afterAll(async () => {
    await pair.plain.stop();
    await pair.express.stop();
  });

  const valid = () => `${name}=${visitor.sessionCookie}`;
  const tampered = () => valid().replace(/.%3D$|.$/, 'x%3D');

  /** Title → the Cookie header. */
  const cookies: Record<string, () => string | Promise<string>> = {
    valid,
    expired: () => `${name}=${expired.sessionCookie}`,
    tampered,
    'signed with the previous secret': async () =>
      `${name}=${await signCookie(token, previousSecret)}`,
    'of no session': async () => `${name}=${await signCookie('A'.repeat(32), testSecret)}`,
    unsigned: () => `${name}=${token}`,
    malformed: () => `${name}=%%%`,
    empty: () => `${name}=`,
    'valid among others': () => `a=1; ${valid()}; b=2`,
    'tampered before valid': () => `${tampered()}; ${valid()}`,
    'expired before valid': () => `${name}=${expired.sessionCookie}; ${valid()}`,
    'valid before another': async () =>
      `${valid()}; ${name}=${await signCookie('B'.repeat(32), testSecret)}`,
    'of another name': () => `other.session_token=${visitor.sessionCookie}`,
    'joined by commas': () => `a=1, ${valid()}`,
    'not a cookie': () => 'x'.repeat(5_000),
  };

  test.each(Object.entries(cookies))('a cookie that is %s', async (_of, cookie) => {
    const head = ['GET /session HTTP/1.1', `Cookie: ${await cookie()}`];
    await compare(pair, head);
    await compare(pair, [...head, `Origin: ${origin}`]);
    await compare(pair, [...head, `X-Diagnostics-Token: ${diagnosticsToken}`]);
  });

  /** Title → header lines, without a cookie unless they have one. */
  const headers: Record<string, () => string[]> = {
    none: () => [],
    'a trusted origin': () => [`Origin: ${origin}`],
    'an untrusted origin': () => [
      'Origin: https://elsewhere.example',
      'Sec-Fetch-Site: cross-site',
    ],
    'a malformed origin': () => ['Origin: a\t{"level":"fatal"}'],
    'an origin of its own': () => ['Origin: null', `Cookie: ${valid()}`],
    'a browser without a cookie': () => ['Sec-Fetch-Site: same-site', 'User-Agent: Mozilla/5.0'],
    'another host, from a browser': () => ['Host: other.example', 'Sec-Fetch-Site: none'],
    'a request id': () => ['X-Request-Id: job-42'],
    'a request id like a token': () => [`X-Request-Id: ${token}`],
    'two request ids': () => ['X-Request-Id: a', 'X-Request-Id: b'],
    'an empty request id': () => ['X-Request-Id:'],
    'a bearer token': () => [`Authorization: Bearer ${decodeURIComponent(visitor.sessionCookie)}`],
    'a tampered bearer token': () => [`Authorization: Bearer ${token}.${'A'.repeat(43)}=`],
    'an empty bearer token': () => ['Authorization: Bearer ', `Cookie: ${valid()}`],
    'another scheme': () => ['Authorization: Basic Og==', `Cookie: ${valid()}`],
    'a forwarded address': () => ['X-Forwarded-For: 203.0.113.7', 'X-Test-Client-Ip: 203.0.113.8'],
    'an address that is none': () => ['X-Test-Client-Ip: unknown'],
    'a conditional request': () => ['If-None-Match: *', `Cookie: ${valid()}`],
    'two Cookie headers': () => ['Cookie: a=1', `Cookie: ${valid()}`],
    'bytes beyond ASCII': () => ['X-Odd: \xff\xfe', `Cookie: ${valid()}`],
    'a body': () => ['Content-Length: 0', 'Content-Type: application/json'],
  };

  test.each(Object.entries(headers))('a request with %s', async (_of, lines) => {
    await compare(pair, ['GET /session HTTP/1.1', ...lines()]);
    await compare(pair, ['HEAD /session HTTP/1.1', ...lines()]);
  });

  test.each([
    'HEAD /session',
    'GET /session?',
    'GET /session?a=1#b',
    'GET /session/',
    'GET /SESSION',
    'GET //session',
    'GET /session%20',
    'GET http://other.example/session',
    'GET /session/more',
    'POST /session',
    'DELETE /session',
    'QUERY /session',
    'OPTIONS /session',
    'GET /private',
    'GET /public',
    'GET /health',
    'GET /',
  ])('%s, which is not plain', async (target) => {
    answeredByExpress = [];
    await compare(pair, [`${target} HTTP/1.1`, `Cookie: ${valid()}`]);
    expect(answeredByExpress).toEqual([true, true]);
  });

  test('GET /session takes both ways', async () => {
    answeredByExpress = [];
    const { answer } = await compare(pair, ['GET /session HTTP/1.1', `Cookie: ${valid()}`]);
    expect(answer).toContain(visitor.email);
    expect(answeredByExpress).toEqual([false, true]);
  });

  test.each(['thrown', 'rejected', 'passed', 'status', 'late'])(
    'an error that is %s by middleware',
    async (fault) => {
      const { answer } = await compare(pair, ['GET /session HTTP/1.1', `X-Fault: ${fault}`]);
      expect(answer).toMatch(fault === 'late' ? /partly sent/ : /^HTTP\/1.1 [45]00 /);
    },
  );

  test('two requests in one packet, and a third on the same connection', async () => {
    const head = `GET /session HTTP/1.1\r\nHost: localhost\r\nCookie: ${valid()}\r\n`;
    const both = async (service: TestService) => {
      const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
      let answers = '';
      socket.setEncoding('latin1').on('data', (part: string) => (answers += part));
      socket.write(`${head}\r\n${head}\r\n`);
      while (answers.split('"user":').length < 3) await once(socket, 'data');
      socket.write(`${head}Connection: close\r\n\r\n`);
      await once(socket, 'close');
      return withoutVariation(answers);
    };
    const answers = await both(pair.plain);
    expect(answers.split('HTTP/1.1 200 OK')).toHaveLength(4);
    expect(await both(pair.express)).toBe(answers);
  });

  test('the counts', () => compareCounts(pair));
});

test.each(Object.entries(deployments))(
  '%s: a database that is down, and one that hangs',
  async (_title, env) => {
    const pair = await startPair(env, { deadlineMs: 1_000 });
    const visitor = new Visitor(pair.express, origin);
    await visitor.signUp();
    const head = ['GET /session HTTP/1.1', `Cookie: ${visitor.cookieHeader}`];
    try {
      await network.goDown();
      const down = await compare(pair, head);
      await network.heal();
      await Promise.all([pair.plain, pair.express].map(reconnect));
      network.freeze();
      const hanging = await compare(pair, head);
      await compare(pair, head, false);
      for (const { answer } of [down, hanging]) expect(answer).toMatch(/^HTTP\/1.1 503 /);
    } finally {
      await network.heal();
    }
    await compareCounts(pair);
    await pair.plain.stop();
    await pair.express.stop();
  },
);

/** Compares all counters but those of the requests that only one of the services received. */
async function compareCounts({ plain, express }: Pair): Promise<void> {
  if (!plain.config.features.diagnostics) return;
  const counts = async ({ url }: TestService) => {
    const response = await fetch(`${url}/metrics`, {
      headers: { 'x-diagnostics-token': diagnosticsToken },
    });
    return readExposition(await response.text())
      .filter(({ name }) => /^auth_.*(?:_total|_count)$/.test(name))
      .map(({ name, labels, value }) => `${name} ${JSON.stringify(labels)} ${value}`)
      .filter((line) => !/\/api\/auth|swept|breached_passwords|audit_events/.test(line));
  };
  const ofPlain = await counts(plain);
  expect(ofPlain).toContainEqual(expect.stringContaining('"route":"/session"'));
  expect(await counts(express)).toEqual(ofPlain);
}

/** Without a request, which would be counted. */
const reconnect = ({ pool }: TestService) =>
  until(() =>
    pool.query('select 1').then(
      () => true,
      () => false,
    ),
  );
