import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor } from '../support/visitor.js';

let service: TestService;
let visitor: Visitor;
beforeAll(async () => {
  service = await startTestService();
  visitor = new Visitor(service);
  await visitor.signUp();
});
afterAll(() => service.stop());

const patienceMs = 60_000;

/** Sends requests from one address, ten at a time. */
async function statusesOf(times: number, path: string): Promise<number[]> {
  const statuses: number[] = [];
  while (statuses.length < times) {
    const batch = Array.from({ length: 10 }, () => visitor.ask(path));
    for (const { status } of await Promise.all(batch)) statuses.push(status);
  }
  return statuses;
}

test(
  'an endpoint that does not allow guessing answers a hundred times, then 429',
  async () => {
    const statuses = await statusesOf(110, '/api/auth/list-sessions');
    expect(statuses.filter((status) => status === 200)).toHaveLength(100);
    expect(statuses.filter((status) => status === 429)).toHaveLength(10);
  },
  patienceMs,
);

test.each(['/session', '/api/auth/get-session'])(
  '%s answers 150 times in a row from one address, as for an API that checks its users',
  async (path) => {
    expect(new Set(await statusesOf(150, path))).toEqual(new Set([200]));
  },
  patienceMs,
);
