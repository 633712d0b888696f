import { expect, test } from 'vitest';
import type { TestService } from '../support/test-service.js';
import { useVisitor } from '../support/use-service.js';
import type { Visitor } from '../support/visitor.js';

let service: TestService;
let visitor: Visitor;
useVisitor((started) => ({ service, visitor } = started));

/** Moves the visitor's session into the past. */
async function age(by: string): Promise<void> {
  await service.database.query(
    `update session set expires_at = expires_at - $2::interval
     from "user" u where u.id = user_id and email = $1`,
    [visitor.email, by],
  );
}

/** Time until the user's session expires, in whole hours; undefined if its row does not exist. */
async function hoursLeft(): Promise<number | undefined> {
  const [row] = await service.database.query<{ hours: number }>(
    `select round(extract(epoch from expires_at - now()) / 3600)::int as hours
     from session join "user" u on u.id = user_id where email = $1`,
    [visitor.email],
  );
  return row?.hours;
}

const weekHours = 7 * 24;

test('a session lasts seven days from its last refresh', async () => {
  expect(await hoursLeft()).toBe(weekHours);
  await age('7 days');
  const expired = await visitor.ask('/session');
  expect(expired.status).toBe(401);
  expect(expired.json).toMatchObject({ reason: 'session_idle' });
});

test('get-session of an expired session is null, clears the cookie and deletes the row', async () => {
  await age('7 days');
  const answer = await visitor.getSession();
  expect(answer.text).toBe('null');
  expect(answer.headers.get('x-session-reason')).toBe('session_idle');
  expect(answer.setCookies[0]).toMatch(/^better-auth\.session_token=; Max-Age=0; /);
  expect(await hoursLeft()).toBeUndefined();
});

test('a check does not refresh a session younger than a day', async () => {
  await age('23 hours');
  const answer = await visitor.getSession();
  expect(answer.json).toMatchObject({ user: { email: visitor.email } });
  expect(answer.setCookies).toEqual([]);
  expect(await hoursLeft()).toBe(weekHours - 23);
});

test('a check refreshes a session older than a day, in the row and in the cookie', async () => {
  await age('25 hours');
  const answer = await visitor.getSession();
  expect(answer.setCookies).toEqual([expect.stringContaining('; Max-Age=604800; ')]);
  expect(await hoursLeft()).toBe(weekHours);
});

test('a check with disableRefresh, as from a server, refreshes nothing', async () => {
  await age('25 hours');
  const answer = await visitor.ask('/api/auth/get-session?disableRefresh=true');
  expect(answer.json).toMatchObject({ user: { email: visitor.email } });
  expect(answer.setCookies).toEqual([]);
  expect(await hoursLeft()).toBe(weekHours - 25);
});
