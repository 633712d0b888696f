/** Responses that an action does not expect, and refusals: the message for each. */
import { afterEach, expect, test, vi } from 'vitest';
import { createAuth, type Auth } from '../src/client/create-auth.js';
import { messageFor } from '../src/client/failure-messages.js';
import { readOptions } from '../src/options.js';
import { createFakeService, password, user } from './support/fake-service.js';

const callContext = { authUrl: 'https://auth.example.com', pageOrigin: 'https://docs.example.com' };
afterEach(() => vi.useRealTimers());

function openPage(fetch: typeof globalThis.fetch): Auth {
  return createAuth(readOptions({ authUrl: callContext.authUrl }), {
    fetch,
    pageOrigin: callContext.pageOrigin,
    sessionStorage: undefined,
    warn: () => undefined,
  });
}

const actions: readonly [string, string, (auth: Auth) => Promise<{ ok: boolean }>][] = [
  ['signIn', '/sign-in/email', ({ actions }) => actions.signIn({ email: user.email, password })],
  [
    'signUp',
    '/sign-up/email',
    ({ actions }) => actions.signUp({ name: 'Ada', email: user.email, password }),
  ],
  ['signOut', '/sign-out', ({ actions }) => actions.signOut()],
  ['signOutEverywhere', '/revoke-sessions', ({ actions }) => actions.signOutEverywhere()],
  ['listSessions', '/list-sessions', ({ actions }) => actions.listSessions()],
  ['revokeSession', '/revoke-session', ({ actions }) => actions.revokeSession({ token: 't1' })],
  [
    'changePassword',
    '/change-password',
    ({ actions }) => actions.changePassword({ currentPassword: password, newPassword: 'x' }),
  ],
  ['updateName', '/update-user', ({ actions }) => actions.updateName('Grace')],
  ['deleteAccount', '/delete-user', ({ actions }) => actions.deleteAccount({ password })],
];

test.each(actions)(
  '%s: an unexpected body with a 200 is not reported as done',
  async (_name, path, act) => {
    for (const body of ['null', '{}', '"ok"', '{"success":false,"status":false}', '{"tok', '']) {
      const service = createFakeService();
      const auth = openPage((input, init) =>
        new URL(new Request(input).url).pathname.endsWith(path)
          ? Promise.resolve(
              new Response(body, {
                headers: { 'content-type': 'application/json; charset=utf-8' },
              }),
            )
          : service.fetch(input, init),
      );
      if (!path.startsWith('/sign-in')) await auth.actions.signIn({ email: user.email, password });
      const before = auth.sessions.state();
      expect(await act(auth), body).toMatchObject({
        ok: false,
        code: 'ANSWER_UNEXPECTED',
        message: expect.stringContaining('not known whether this was done') as string,
      });
      expect(auth.sessions.state(), body).toEqual(before);
    }
  },
);

test.each([
  ['SIGN_IN_BUSY', 503, 'Many people are signing in right now. Try again in 7 seconds.'],
  ['SERVICE_BUSY', 503, 'The sign-in service cannot answer right now. Try again in 7 seconds.'],
  ['SESSION_NOT_ENDED', 401, /^The service could not end your session, so it may still be valid/],
  ['SESSION_NOT_FRESH', 403, 'You signed in too long ago for this. Sign in again first.'],
  ['SESSION_EXPIRED', 400, 'You signed in too long ago for this. Sign in again first.'],
  ['MISSING_OR_NULL_ORIGIN', 403, /does not tell .* which site the request comes from/],
  ['INVALID_FIELD', 400, 'name: at most 200 characters.'],
])('%s (%i) has its own message', (code, httpStatus, expected) => {
  const message = 'name: at most 200 characters.';
  const shown = messageFor({ code, httpStatus, message, retryAfterSeconds: 7 }, callContext);
  if (typeof expected === 'string') expect(shown).toBe(expected);
  else expect(shown).toMatch(expected);
});

test('a slow name change and a hanging recheck take 12 seconds together', async () => {
  vi.useFakeTimers();
  const auth = openPage((input, init) => {
    const { pathname } = new URL(new Request(input).url);
    return new Promise((resolve, reject) => {
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error));
      if (!pathname.endsWith('/update-user')) return;
      setTimeout(() => resolve(Response.json({ status: true })), 8000);
    });
  });
  let outcome: unknown;
  void auth.actions.updateName('Grace').then((value) => (outcome = value));
  await vi.advanceTimersByTimeAsync(12_100);
  expect(outcome).toMatchObject({ ok: true });
});

test('a sign-out that ended nothing shows its error, and the user stays signed in', async () => {
  const service = createFakeService();
  const auth = openPage(service.fetch);
  await auth.actions.signIn({ email: user.email, password });
  service.refuse.set('/sign-out', { status: 401, body: { code: 'SESSION_NOT_ENDED' } });
  service.refuse.set('/get-session', { status: 401, body: { code: 'NOT_SIGNED_IN' } });
  expect(await auth.actions.signOut()).toMatchObject({ ok: false, code: 'SESSION_NOT_ENDED' });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(auth.sessions.state().status).toBe('signedIn');
});
