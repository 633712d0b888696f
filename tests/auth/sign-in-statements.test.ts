/** What a sign-in and a sign-up cost: each statement is a round trip to the database. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signInAs } from '../support/other-browser.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { Visitor, type Answer } from '../support/visitor.js';

let service: TestService;
let member: Visitor;
beforeAll(async () => {
  service = await startTestService({ env: { AUDIT: 'off' } });
  member = new Visitor(service);
  await member.signUp();
  await service.logStartupReport(); // its statements do not count
  await signInAs(new Visitor(service), member);
});
afterAll(() => service.stop());

/** The number of connections that the request acquires: one per statement outside a transaction. */
async function countAcquired(
  send: () => Promise<Answer>,
  { pool } = service,
): Promise<{ status: number; acquired: number }> {
  let acquired = 0;
  const count = () => (acquired += 1);
  pool.on('acquire', count);
  const { status } = await send();
  pool.off('acquire', count);
  return { status, acquired };
}

test('a sign-in takes four statements: both limits, the user, the session, the refund', async () => {
  const signedIn = await countAcquired(() => signInAs(new Visitor(service), member));
  expect(signedIn).toEqual({ status: 200, acquired: 4 });
});

test('a wrong password takes two statements: both limits and the user', async () => {
  const body = { email: member.email, password: 'a guess at it' };
  const guess = () => new Visitor(service).ask('/api/auth/sign-in/email', { body });
  expect(await countAcquired(guess)).toEqual({ status: 401, acquired: 2 });
});

test('a sign-up takes one statement and one transaction', async () => {
  const signedUp = await countAcquired(() => new Visitor(service).signUp());
  expect(signedUp).toEqual({ status: 200, acquired: 2 });
});

test('the audit trail adds no statement to a sign-in, and none outside the transaction of a sign-up', async () => {
  const audited = await startTestService();
  try {
    const user = new Visitor(audited);
    await user.signUp();
    await audited.logStartupReport();
    await signInAs(new Visitor(audited), user);
    const signUp = () => new Visitor(audited).signUp();
    expect(await countAcquired(signUp, audited)).toEqual({ status: 200, acquired: 2 });
    const signIn = () => signInAs(new Visitor(audited), user);
    expect(await countAcquired(signIn, audited)).toEqual({ status: 200, acquired: 4 });
  } finally {
    await audited.stop();
  }
});
