/** A redirect to a provider ends signed in on the page that sent the visitor, and nowhere else. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sitePage } from '../../support/mailed-link.js';
import {
  newVerifier,
  RedirectVisitor,
  startRedirectService,
  type RedirectService,
} from '../../support/redirect-visitor.js';

let service: RedirectService;
beforeAll(async () => {
  service = await startRedirectService({ BEARER_TOKENS: 'on', EMAIL_VERIFICATION: 'required' });
});
afterAll(() => service.stop());
beforeEach(() => {
  service.provider.bends = {};
});

const newVisitor = () => new RedirectVisitor(service);
const usersWith = (email: string) =>
  service.database.query('select * from "user" where email = $1', [email]);
const loginsOf = (email: string) =>
  service.database.query(
    'select a.* from account a join "user" u on u.id = a.user_id where u.email = $1',
    [email],
  );

describe('sign-up and sign-in', () => {
  test('the page redeems the code: account, session cookie and bearer token as at a password sign-in', async () => {
    const visitor = newVisitor();
    const { verifier, challenge } = newVerifier();
    const arrival = await visitor.walk(challenge, { name: 'Ada' });
    expect(arrival.page).toBe(sitePage);
    expect(arrival.code).toMatch(/^[\w-]{43}$/);
    // No session on the service's own host: the page could not see its cookie.
    expect([...visitor.cookies.keys()].filter((name) => name.includes('session'))).toEqual([]);
    expect(await usersWith(visitor.email)).toEqual([]);
    const answer = await visitor.redeem(arrival.code, verifier);
    expect(answer.json).toMatchObject({
      token: expect.any(String) as string,
      user: { email: visitor.email, name: 'Ada', emailVerified: true },
      newUser: true,
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('set-auth-token')).toMatch(/^[\w-]+\./);
    expect((await visitor.ask('/session')).json).toMatchObject({ user: { email: visitor.email } });
    const line = await service.logLine(
      ({ path, outcome }) => path === '/api/auth/redirect/redeem' && outcome !== undefined,
    );
    expect(line).toMatchObject({ outcome: 'signed_in', userId: expect.any(String) as string });
  });

  test('the second time it is the same account, found by the provider’s id and not by the address', async () => {
    const visitor = newVisitor();
    await visitor.signInWithProvider({ sub: `sub-${visitor.email}` });
    const [user] = await usersWith(visitor.email);
    const other = newVisitor();
    const answer = await other.signInWithProvider({ sub: `sub-${visitor.email}` });
    expect(answer.json).toMatchObject({ user: { id: user?.id, email: visitor.email } });
    expect(answer.json).not.toHaveProperty('newUser');
    expect(await usersWith(other.email)).toEqual([]);
  });

  test('no token of the provider is stored', async () => {
    const visitor = newVisitor();
    await visitor.signInWithProvider();
    expect(await loginsOf(visitor.email)).toMatchObject([
      { provider_id: 'test', access_token: null, refresh_token: null, id_token: null },
    ]);
  });
});
