import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Response } from 'express';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { authBasePath, passwordEndpoints } from '../../src/auth/auth-constants.js';
import { minimumPasswordCost } from '../../src/auth/password.js';
import { connectOnce } from '../../src/db/client.js';
import { ServiceBusyError } from '../../src/event-loop.js';
import { errorTable } from '../../src/errors.js';
import { createRequestAdmission, SignInBusyError } from '../../src/http/request-admission.js';
import { everyFeatureOn } from '../support/every-feature.js';
import { optionsFor } from '../support/options-for.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestService, type LogLine, type TestService } from '../support/test-service.js';
import { until } from '../support/until.js';
import { Visitor, type Answer } from '../support/visitor.js';

let testDatabase: TestDatabase;
let service: TestService;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  // Otherwise the limit per account rejects most guesses before they are hashed.
  const env = { RATE_LIMIT_SIGN_IN_PER_ACCOUNT: '9999/1m' };
  service = await startTestService({
    testDatabase,
    deadlineMs: 8_000,
    env,
    passwordCost: minimumPasswordCost,
  });
});
afterAll(async () => {
  await service.stop();
  await testDatabase.drop();
});

let member: Visitor;
beforeEach(async () => {
  member = new Visitor(service);
  expect((await member.signUp()).status).toBe(200);
});

/** A password guess from a separate network. */
const guess = (password = 'a guess of many'): Promise<Answer> => {
  const guesser = new Visitor(service);
  return guesser.ask('/api/auth/sign-in/email', { body: { email: member.email, password } });
};
const guesses = (count: number) => Array.from({ length: count }, () => guess());

const countWith = (answers: readonly Answer[], status: number) =>
  answers.filter((answer) => answer.status === status).length;

test('guesses from many networks all get a response, the excess ones 503 SIGN_IN_BUSY', async () => {
  const answers = await Promise.all(guesses(600));
  expect(countWith(answers, 401) + countWith(answers, 503)).toBe(600);
  expect(countWith(answers, 401)).toBeGreaterThan(0);
  const refused = answers.filter(({ status }) => status === 503);
  expect(refused.length).toBeGreaterThan(0);
  for (const answer of refused) {
    expect(answer.json).toEqual({
      code: 'SIGN_IN_BUSY',
      message: errorTable.SIGN_IN_BUSY.message,
      requestId: answer.headers.get('x-request-id'),
    });
    expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect(answer.headers.get('access-control-allow-origin')).toBe('http://localhost:3000');
    expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
    expect(answer.headers.get('access-control-expose-headers')).toContain('Retry-After');
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.headers.get('x-session-reason')).toBeNull();
    expect(answer.setCookies).toEqual([]);
  }
  expect(service.logText()).not.toContain('database unavailable');
  // Clients control how many of these lines there are, so none may have level error.
  const ids = new Set(refused.map(({ headers }) => headers.get('x-request-id')));
  const isRefused = ({ requestId }: LogLine) => ids.has(String(requestId));
  await until(() => service.logLines().filter(isRefused).length >= ids.size);
  for (const line of service.logLines().filter(isRefused)) {
    expect(line).toMatchObject({ level: 'warn', code: 'SIGN_IN_BUSY', outcome: 'busy' });
  }
  expect((await member.signIn()).status).toBe(200);
});

test('session checks and health are answered correctly while guesses are queued', async () => {
  const storm = guesses(256);
  let answered = 0;
  for (const guessed of storm) void guessed.then(() => (answered += 1));
  let asked = 0;
  while (answered < storm.length) {
    const [check, health] = await Promise.all([member.ask('/session'), member.ask('/health')]);
    expect(check.status).toBe(200);
    expect(check.json).toMatchObject({ user: { email: member.email } });
    expect(health.status).toBe(200);
    asked += 1;
  }
  expect(asked).toBeGreaterThan(4);
});

/** Locks the table that only sign-ins read; returns the function that releases it. */
async function lockAccounts(): Promise<() => Promise<void>> {
  const client = await connectOnce(testDatabase.url);
  await client.query('begin; lock table account in access exclusive mode');
  return () => client.end();
}

const waitingForAccounts = () =>
  testDatabase.query(
    `select 1 from pg_stat_activity where wait_event_type = 'Lock' and application_name = 'auth-service'
     and datname = current_database()`,
  );

test('sign-ins blocked by the database leave connections for session checks, and wait', async () => {
  const unlock = await lockAccounts();
  const signIns = Promise.all(Array.from({ length: 8 }, () => guess(member.password)));
  await until(async () => (await waitingForAccounts()).length > 0);
  for (let n = 0; n < 20; n += 1) expect((await member.ask('/session')).status).toBe(200);
  await sleep(1_500); // longer than the maximum wait if only the CPU is busy
  expect((await waitingForAccounts()).length).toBeLessThan(8); // the others have not started
  await unlock();
  expect((await signIns).map(({ status, text }) => (status === 200 ? 'signed in' : text))).toEqual(
    Array.from({ length: 8 }, () => 'signed in'),
  );
});

test('clients that disconnect leave the queue and cause no query', async () => {
  const unlock = await lockAccounts();
  const leave = new AbortController();
  const gone = Array.from({ length: 50 }, () =>
    fetch(`${service.url}/api/auth/sign-in/email`, {
      method: 'POST',
      signal: leave.signal,
      headers: { 'content-type': 'application/json', origin: 'http://localhost:3000' },
      body: JSON.stringify({ email: 'nobody@example.com', password: 'a guess of many' }),
    }).catch(() => undefined),
  );
  await until(async () => (await waitingForAccounts()).length > 0);
  leave.abort();
  await Promise.all(gone);
  await unlock();
  expect((await member.signIn()).status).toBe(200);
  const done = service.logLines().filter(({ msg }) => msg === 'User not found');
  expect(done.length).toBeLessThan(10); // those that had started
});

/** Names of the fields that hold a password. */
const isPasswordField = (name: string) => /password/i.test(name);

test('every endpoint that accepts a password is listed, so that it is queued', async () => {
  const { betterAuth } = await import('better-auth/minimal');
  const { api } = betterAuth(
    (await optionsFor({ ...everyFeatureOn, SECOND_FACTOR: 'optional' })).options,
  );
  type Body = { shape?: object; unwrap?: () => { shape?: object } };
  type Endpoint = { path?: string; options?: { body?: Body } };
  // An optional body wraps its fields.
  const fieldsOf = (body: Body = {}) => body.shape ?? body.unwrap?.().shape ?? {};
  const takesPassword = Object.values(api as Record<string, Endpoint>).filter(({ options }) =>
    Object.keys(fieldsOf(options?.body)).some(isPasswordField),
  );
  const paths = takesPassword.flatMap(({ path }) => path ?? []); // those without a path are not served
  expect(paths.length).toBeGreaterThan(3);
  // sign-up's schema is a generic record without field names.
  expect(new Set([...paths, '/sign-up/email'])).toEqual(new Set(passwordEndpoints));
});

test('with a full queue every endpoint that hashes rejects immediately, and others continue', async () => {
  const admit = createRequestAdmission({
    poolSize: 2,
    connections: { oldestUseMs: () => 0, wake: () => Promise.resolve() },
    deadlineMs: 100,
  });
  const response = () => new EventEmitter() as unknown as Response;
  const done: string[] = [];
  let finish = () => {};
  const held = new Promise<void>((resolve) => (finish = resolve));
  const [path = ''] = passwordEndpoints;
  const enter = () => admit(authBasePath + path, response(), () => held);
  const first = enter();
  await sleep(20); // it has started
  const concurrentRequests = Array.from({ length: 500 }, () => enter().catch(() => undefined));
  await new Promise(setImmediate); // they are queued
  for (const each of passwordEndpoints) {
    const late = admit(authBasePath + each, response(), () => Promise.resolve(done.push(each)));
    await expect(late, each).rejects.toThrow(SignInBusyError);
  }
  for (const each of ['/get-session', '/sign-out', '/list-sessions']) {
    await admit(authBasePath + each, response(), () => Promise.resolve(done.push(each)));
  }
  expect(done).toEqual(['/get-session', '/sign-out', '/list-sessions']);
  finish();
  await Promise.all([first, ...concurrentRequests]);
});

test('requests without a hash are limited too, in independent queues', async () => {
  const admit = createRequestAdmission({
    poolSize: 2,
    connections: { oldestUseMs: () => 0, wake: () => Promise.reject(new Error('none')) },
    deadlineMs: 10_000,
  });
  let [running, most] = [0, 0];
  let finish = () => {};
  const held = new Promise<void>((resolve) => (finish = resolve));
  const enter = (path: string, work = () => held) =>
    admit(authBasePath + path, new EventEmitter() as unknown as Response, async () => {
      running += 1;
      most = Math.max(most, running);
      await work();
      running -= 1;
    });
  const first = [enter('/sign-out'), enter('/list-sessions')];
  await until(() => running === 2);
  const concurrentRequests = Array.from({ length: 500 }, () => enter('/sign-out'));
  await expect(enter('/list-sessions')).rejects.toThrow(ServiceBusyError);
  await enter('/get-session', () => Promise.resolve());
  expect(most).toBe(3);
  finish();
  await Promise.all([...first, ...concurrentRequests]);
  expect(most).toBe(3);
});
