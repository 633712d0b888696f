/** What settings change: stored tokens, and the form that Apple's page posts. */
import { symmetricDecrypt } from 'better-auth/crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeFlowCookie } from '../../../src/features/redirect-sign-in/flow-cookie.js';
import {
  arrivalOf,
  newVerifier,
  RedirectVisitor,
  startRedirectService,
  type RedirectService,
} from '../../support/redirect-visitor.js';
import { testSecret } from '../../support/test-service.js';

let service: RedirectService;
beforeAll(async () => {
  service = await startRedirectService({ KEEP_PROVIDER_TOKENS: 'on' });
});
afterAll(() => service.stop());

test('KEEP_PROVIDER_TOKENS=on stores all tokens encrypted, and the newest ones', async () => {
  const visitor = new RedirectVisitor(service);
  for (const expiry of ['first', 'second']) {
    await visitor.signInWithProvider();
    const [row] = await service.database.query(
      'select a.* from account a join "user" u on u.id = a.user_id where u.email = $1',
      [visitor.email],
    );
    const decrypt = (column: string) =>
      symmetricDecrypt({ key: testSecret, data: String(row?.[column]) });
    const access = await decrypt('access_token');
    expect(access, expiry).toMatch(/^[0-9a-f]{32}$/);
    expect(await decrypt('refresh_token')).toBe(`refresh-${access}`);
    expect(await decrypt('id_token')).toMatch(/^eyJ/);
    expect(row).toMatchObject({ scope: 'openid email profile' });
    expect(JSON.stringify(row)).not.toContain(access);
    expect((await visitor.ask('/api/auth/list-accounts')).text).not.toContain(access);
  }
});

test('an answer that another site posts as a form is accepted with the cookie of the flow', async () => {
  const visitor = new RedirectVisitor(service);
  const { verifier, challenge } = newVerifier();
  const { headers } = await visitor.start(challenge);
  const { searchParams } = service.provider.walk(headers.get('location') ?? '', {
    email: visitor.email,
  });
  const post = (form: string, type = 'application/x-www-form-urlencoded') =>
    visitor.ask('/api/auth/callback/test', {
      method: 'POST',
      body: form,
      origin: 'https://appleid.apple.com',
      headers: { 'content-type': type },
    });
  expect((await post('{}', 'application/json')).status).toBe(415);
  searchParams.set('user', '{"name":{"firstName":"Ada"}}');
  const arrival = arrivalOf(await post(searchParams.toString()));
  // Name and address of the form do not get into a URL.
  expect(arrival.location).not.toContain('Ada');
  expect((await visitor.redeem(arrival.code, verifier)).status).toBe(200);
});

test('the cookie of a flow whose answer is posted is SameSite=None, where browsers accept that', () => {
  const state = {
    flow: 'x'.repeat(43),
    provider: 'apple',
    returnTo: '',
    binding: '',
    startedAt: 0,
  };
  expect(writeFlowCookie(state, 'v', { secure: true }, true)).toMatch(/; Secure; SameSite=None$/);
  expect(writeFlowCookie(state, 'v', { secure: true }, false)).toMatch(/; Secure; SameSite=Lax$/);
  expect(writeFlowCookie(state, 'v', { secure: false }, true)).toMatch(/; HttpOnly; SameSite=Lax$/);
});
