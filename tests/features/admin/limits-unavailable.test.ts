/** While Redis is down, operators see the rest of a user, and why the limits are missing. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../../src/dev/free-port.js';
import { adminEnv, newOperator, OperatorBrowser } from '../../support/operators.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { startTestService, type TestService } from '../../support/test-service.js';

let testDatabase: TestDatabase;
let service: TestService;
let operator: OperatorBrowser;
let visitor: OperatorBrowser;
let id: string;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  // Nobody signs up or in where attempts cannot be counted.
  const before = await startTestService({ testDatabase, env: adminEnv });
  const signedIn = await newOperator(before);
  const owner = new OperatorBrowser(before);
  await owner.signUp();
  id = await owner.userId();
  await before.stop();
  const env = { ...adminEnv, REDIS_URL: `redis://:hunter2@127.0.0.1:${await freePort()}` };
  service = await startTestService({ testDatabase, env });
  operator = moved(signedIn);
  visitor = owner;
});
afterAll(async () => {
  await service.stop();
  await testDatabase.drop();
});

function moved({ cookies }: OperatorBrowser): OperatorBrowser {
  const browser = new OperatorBrowser(service);
  for (const [name, value] of cookies) browser.cookies.set(name, value);
  return browser;
}

const limitsUnavailable = {
  code: 'REDIS_UNREACHABLE',
  message: 'REDIS_URL points to a server that cannot be reached',
  fix: expect.stringContaining('check host, port and network') as string,
};

test('the API has everything else, and a field that says so', async () => {
  const shown = await operator.admin(`/users/${id}`);
  expect([shown.status, shown.json]).toMatchObject([
    200,
    { user: { email: visitor.email }, sessions: [{}], limits: [], limitsUnavailable },
  ]);
  for (const path of [`/users/${id}/story`, `/explain?email=${visitor.email}`]) {
    const { status, json } = await operator.admin(path);
    expect([status, json]).toMatchObject([200, { user: { id }, limitsUnavailable }]);
  }
});

test('the page of the console shows the rest, with the setting and the fix', async () => {
  const { status, text } = await operator.ask(`/console/users/${id}`);
  expect(status).toBe(200);
  expect(text).toContain(visitor.email);
  const [limits = ''] = text.split('<h2>Limits</h2>').slice(1);
  for (const part of [text.split('<h2>')[0] ?? '', limits]) {
    expect(part).toContain('The limits cannot be read now');
    expect(part).toContain('REDIS_URL points to a server that cannot be reached');
    expect(part).toContain('check host, port and network');
  }
  expect(limits).not.toContain('None.');
  expect(text).not.toContain('hunter2');
});

test('what needs the limits is refused as before', async () => {
  const { status, json } = await operator.act(id, 'lift-limits');
  expect([status, json?.code]).toEqual([503, 'LIMITS_UNAVAILABLE']);
});
