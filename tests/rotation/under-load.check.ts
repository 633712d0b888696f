/** Secret rotation and rollback under load: a thousand users stay signed in. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestService, testSecret, type TestService } from '../support/test-service.js';
import { Visitor, type Answer } from '../support/visitor.js';

const users = 1_000;
const concurrency = 24;

const oldFirst = `1:${testSecret},2:another-secret-that-is-long-enough-9876543210`;
const newFirst = `2:another-secret-that-is-long-enough-9876543210,1:${testSecret}`;
const onlyOld = `1:${testSecret}`;
const onlyNew = '2:another-secret-that-is-long-enough-9876543210';

let database: TestDatabase;
/** The live deployments; two while one replaces another. */
const live: TestService[] = [];
let visitors: Visitor[] = [];
/** Every unexpected response. */
const wrong: string[] = [];
let answers = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  live.push(await deploy(oldFirst));
  visitors = Array.from({ length: users }, () => new Visitor(anyLive));
  await each(visitors, async (visitor) => {
    expect((await visitor.signUp()).status).toBe(200);
  });
}, 240_000);
afterAll(async () => {
  for (const service of live) await service.stop();
  await database.drop();
});

function deploy(secrets: string): Promise<TestService> {
  const env = { BETTER_AUTH_SECRET: undefined, BETTER_AUTH_SECRETS: secrets };
  return startTestService({ env, testDatabase: database });
}

/** Picks a live deployment, like a load balancer. */
const anyLive = {
  get url() {
    return live[Math.floor(Math.random() * live.length)]?.url ?? '';
  },
};

/** Runs `work` for every visitor, `concurrency` concurrently. */
async function each(all: readonly Visitor[], work: (visitor: Visitor) => Promise<void>) {
  const queue = [...all];
  const worker = async () => {
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) await work(next);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

/** The requests of a page and its API for one visitor: two concurrent reads, then a write. */
async function use(visitor: Visitor): Promise<void> {
  const seen = (what: string, { status, text }: Answer, expected: string) => {
    answers += 1;
    if (status !== 200 || !text.includes(expected)) wrong.push(`${what}: ${status} ${text}`);
  };
  const [page, api] = await Promise.all([visitor.getSession(), visitor.ask('/session')]);
  seen('get-session', page, visitor.email);
  seen('/session', api, visitor.email);
  seen('list-accounts', await visitor.ask('/api/auth/list-accounts'), '"providerId":"credential"');
}

/** Replaces the live deployment without downtime under load; then every visitor sends one more request. */
async function exchange(secrets: string): Promise<void> {
  const before = live.slice();
  live.push(await deploy(secrets));
  await each(visitors, use);
  live.splice(0, before.length);
  await Promise.all([each(visitors, use), ...before.map((service) => service.stop())]);
}

/** Number of visitors whose cookie a deployment with only this secret rejects. */
async function countRejected(secrets: string): Promise<number> {
  const service = await deploy(secrets);
  let rejected = 0;
  await each(visitors, async (visitor) => {
    const { headers } = await new Visitor(service).ask('/session', {
      headers: { cookie: visitor.cookieHeader },
    });
    if (headers.get('x-session-reason') !== 'valid') rejected += 1;
  });
  await service.stop();
  return rejected;
}

test('a thousand users get no 401 during rotation and rollback of the secret', async () => {
  await each(visitors, use);
  await exchange(newFirst);
  expect(wrong).toEqual([]);
  expect(await countRejected(onlyNew)).toBe(0);
  await exchange(oldFirst);
  expect(wrong).toEqual([]);
  expect(await countRejected(onlyOld)).toBe(0);
  expect(answers).toBe(5 * 3 * users);
}, 600_000);
