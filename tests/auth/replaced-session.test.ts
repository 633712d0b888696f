import { expect, test } from 'vitest';
import { signInAs, signInElsewhere } from '../support/other-browser.js';
import type { TestService } from '../support/test-service.js';
import { useVisitor } from '../support/use-service.js';
import { Visitor } from '../support/visitor.js';

let service: TestService;
let visitor: Visitor;
useVisitor((started) => ({ service, visitor } = started));

async function reasonFor(cookie: string): Promise<unknown> {
  const answer = await new Visitor(service).ask('/session', { headers: { cookie } });
  return answer.headers.get('x-session-reason');
}

test('signing in again replaces the session whose cookie the browser presented', async () => {
  const before = visitor.cookieHeader;
  expect((await visitor.signIn()).status).toBe(200);
  expect(visitor.cookieHeader).not.toBe(before);
  expect(await reasonFor(before)).toBe('session_replaced');
  expect(await reasonFor(visitor.cookieHeader)).toBe('valid');
  const rows = await service.database.query(
    'select 1 from session join "user" u on u.id = user_id where email = $1',
    [visitor.email],
  );
  expect(rows).toHaveLength(1);
});

test('signing in as another user in the same browser ends the first session', async () => {
  const other = new Visitor(service);
  await other.signUp();
  const before = visitor.cookieHeader;
  expect((await signInAs(visitor, other)).status).toBe(200);
  expect(await reasonFor(before)).toBe('session_replaced');
  expect(await reasonFor(other.cookieHeader)).toBe('valid');
});

test('signing up again in the same browser ends the first session', async () => {
  const before = visitor.cookieHeader;
  const { email, password } = new Visitor(service);
  const body = { name: 'Anew', email, password };
  expect((await visitor.ask('/api/auth/sign-up/email', { body })).status).toBe(200);
  expect(await reasonFor(before)).toBe('session_replaced');
  expect(await reasonFor(visitor.cookieHeader)).toBe('valid');
});

test('a rejected sign-in does not end the presented session', async () => {
  const before = visitor.cookieHeader;
  expect((await visitor.signIn('not the password')).status).toBe(401);
  expect(await reasonFor(before)).toBe('valid');
});

test('sessions that the browser did not present stay active', async () => {
  const phone = await signInElsewhere(service, visitor);
  await visitor.signIn();
  expect(await reasonFor(phone.cookieHeader)).toBe('valid');
});

test('a forged cookie in a sign-in does not end the session of its token', async () => {
  const [name = ''] = visitor.cookies.keys();
  const [token = ''] = visitor.sessionCookie.split('.');
  const attacker = new Visitor(service);
  await attacker.signUp();
  const forged = `${name}=${token}.${encodeURIComponent(`${'A'.repeat(43)}=`)}`;
  const { email, password } = attacker;
  const answer = await attacker.ask('/api/auth/sign-in/email', {
    body: { email, password },
    headers: { cookie: forged },
  });
  expect(answer.status).toBe(200);
  expect(await reasonFor(visitor.cookieHeader)).toBe('valid');
});
