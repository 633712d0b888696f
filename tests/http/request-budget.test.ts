import { expect, test } from 'vitest';
import { useServiceWithVisitor } from '../support/use-service.js';
import type { Visitor } from '../support/visitor.js';

let visitor: Visitor;
// The default number in a longer time: a busy machine needs more than ten seconds for the requests.
useServiceWithVisitor((started) => ({ visitor } = started), {
  env: { RATE_LIMIT_PER_ADDRESS: '100/1h' },
});

const timeoutMs = 60_000;

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
  timeoutMs,
);

test.each(['/session', '/api/auth/get-session'])(
  '%s answers 150 times in a row from one address, as for an API that checks its users',
  async (path) => {
    expect(new Set(await statusesOf(150, path))).toEqual(new Set([200]));
  },
  timeoutMs,
);
