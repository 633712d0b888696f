/** Endpoints with a path parameter are disabled until a feature enables them, and are counted by their pattern. */
import { afterEach, describe, expect, test } from 'vitest';
import { createEndpointFinder } from '../../src/auth/endpoints.js';
import type { ActiveFeature } from '../../src/features/slots.js';
import { readExposition } from '../support/exposition.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

const token = 'a-diagnostics-token-of-32-characters-or-more';
const pattern = '/reset-password/:token';

const resetLinks: ActiveFeature = {
  name: 'reset-links',
  createRoutes: () => [],
  findStartupFaults: () => Promise.resolve([]),
  loadInputRule: () => Promise.resolve(undefined),
  loadAuthPart: () => Promise.resolve({ endpoints: [pattern] }),
};

/** BetterAuth's keys are the address, `|` and the path. */
const addressRows = "select key from rate_limit where key like '%|/%'";

let service: TestService | undefined;
afterEach(async () => {
  await service?.stop();
  service = undefined;
});

const ask = (visitor: Visitor, value: string) =>
  visitor.ask(`/api/auth/reset-password/${value}`, { origin: null });

test('disabled: 404, and no row for the address', async () => {
  service = await startTestService();
  expect((await ask(new Visitor(service), 'made-up')).status).toBe(404);
  expect(await service.database.query(addressRows)).toEqual([]);
});

describe('enabled by a feature', () => {
  const values = ['one', 'two', 'three', 'four%2Ffive', '..%2Fsign-in'];

  test('all values share one row and one limit', async () => {
    const env = { RATE_LIMIT_PER_ADDRESS: '4/1m' };
    service = await startTestService({ env, extraFeatures: [resetLinks] });
    const visitor = new Visitor(service);
    const statuses: number[] = [];
    for (const value of values) statuses.push((await ask(visitor, value)).status);
    expect(statuses).toEqual([400, 400, 400, 400, 429]); // BetterAuth requires a callbackURL
    const rows = await service.database.query(addressRows);
    expect(rows).toEqual([{ key: expect.stringMatching(/\|\/reset-password\/:token$/) as string }]);
  });

  test('a metric is labelled with the pattern, never with a value', async () => {
    const env = { DIAGNOSTICS_TOKEN: token };
    service = await startTestService({ env, extraFeatures: [resetLinks] });
    const visitor = new Visitor(service);
    for (const value of [...values, 'a/b', '']) await ask(visitor, value);
    const headers = { 'x-diagnostics-token': token };
    const { text } = await visitor.ask('/metrics', { headers, origin: null });
    const routes = readExposition(text).flatMap(({ labels }) => labels.route ?? []);
    expect(new Set(routes)).toEqual(new Set([`/api/auth${pattern}`, '/api/auth/other']));
  });

  test('a method that the endpoint does not support is rejected as for other endpoints', async () => {
    service = await startTestService({ extraFeatures: [resetLinks] });
    const visitor = new Visitor(service);
    const answers = ['PUT', 'DELETE', 'PATCH', 'POST'].map((method) =>
      visitor.ask('/api/auth/reset-password/one', {
        method,
        ...(method === 'POST' && { body: {} }),
      }),
    );
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    expect(statuses).toEqual([405, 405, 405, 404]);
  });
});

describe('the pattern of a path', () => {
  const patterns = ['/sign-in/email', '/callback/:id', '/delete-user/callback', pattern];

  test.each([
    ['/sign-in/email', '/sign-in/email'],
    ['/reset-password/x', pattern],
    ['/reset-password/', undefined],
    ['/reset-password', undefined],
    ['/reset-password/x/', undefined],
    ['/reset-password/x/y', undefined],
    ['/callback/github', undefined],
    ['/sign-in/', undefined],
  ])('%s: %s', (path, expected) => {
    expect(createEndpointFinder(patterns, [pattern])(path)).toBe(expected);
  });

  test('a pattern that BetterAuth does not have cannot be enabled', () => {
    expect(() => createEndpointFinder(patterns, ['/magic/:id'])).toThrow('/magic/:id');
  });
});
