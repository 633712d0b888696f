/** Sign-ins in spite of a failing service, a browser without cookies or another tab. Without a DOM: only the client. */
import { expect, test, vi } from 'vitest';
import { createAuth } from '../src/client/create-auth.js';
import { readOptions } from '../src/options.js';
import { createFakeService, password, user, type FakeService } from './support/fake-service.js';

const authUrl = 'https://auth.example.com';
const right = { email: user.email, password };

function open(service: FakeService, options: object = {}) {
  const warn = vi.fn<(message: string) => void>();
  const auth = createAuth(readOptions({ authUrl, ...options }), {
    fetch: service.fetch,
    pageOrigin: 'https://docs.example.com',
    sessionStorage: undefined,
    warn,
  });
  const states: string[] = [];
  auth.sessions.subscribe(() => states.push(auth.sessions.state().status));
  return { ...auth, ...auth.actions, state: auth.sessions.state, warn, states };
}

test('the state is loading right after the page opens, and then signedOut', async () => {
  const visit = open(createFakeService());
  expect(visit.state()).toEqual({ status: 'loading' });
  await visit.recheck();
  expect(visit.state()).toEqual({ status: 'signedOut' });
});

test('a sign-in whose cookie is sent back succeeds, and its bearer token is discarded', async () => {
  const service = createFakeService({ issuesToken: true });
  const visit = open(service);
  expect(await visit.signIn(right)).toEqual({ ok: true, value: undefined });
  expect(visit.state()).toMatchObject({ status: 'signedIn', user });
  expect(visit.warn).not.toHaveBeenCalled();
});

test('a sign-in is two requests: the sign-in, and the session with the cookie', async () => {
  vi.useFakeTimers();
  const service = createFakeService();
  const visit = open(service);
  await vi.advanceTimersByTimeAsync(100); // the page has opened
  service.requests.length = 0;
  await visit.signIn(right);
  await vi.advanceTimersByTimeAsync(100);
  expect(service.requests).toEqual(['/sign-in/email', '/get-session']);
  vi.useRealTimers();
});

test('a wrong password shows its message and sends no further request', async () => {
  const service = createFakeService();
  const visit = open(service);
  await visit.recheck();
  const before = service.requests.length;
  expect(await visit.signIn({ ...right, password: 'x' })).toMatchObject({
    ok: false,
    message: 'The e-mail address or the password is wrong.',
  });
  expect(service.requests.slice(before)).toEqual(['/sign-in/email']);
  expect(visit.state()).toEqual({ status: 'signedOut' });
});

test('if the browser refuses the cookie, the message says what to do, and the console once', async () => {
  const visit = open(createFakeService({ storesCookie: false }));
  const outcome = await visit.signIn(right);
  await visit.signIn(right);
  expect(outcome).toMatchObject({ ok: false, code: 'COOKIE_REFUSED' });
  const message = (outcome as { message: string }).message;
  expect(message).toContain(
    'does not send the cookie of auth.example.com back from docs.example.com',
  );
  expect(message).toContain('Allow third-party cookies');
  expect(visit.warn.mock.calls).toEqual([[`[docusaurus-plugin-auth-service] ${message}`]]);
});

test('with bearer tokens enabled, one takes the cookie’s place, and the console says so once', async () => {
  const visit = open(createFakeService({ storesCookie: false, issuesToken: true }));
  expect(await visit.signIn(right)).toMatchObject({ ok: true });
  expect(visit.state()).toMatchObject({ status: 'signedIn' });
  await visit.signOut();
  expect(visit.state()).toEqual({ status: 'signedOut' });
  await visit.signIn(right);
  expect(visit.state()).toMatchObject({ status: 'signedIn' });
  expect(visit.warn).toHaveBeenCalledTimes(1);
  expect(visit.warn.mock.calls[0]?.[0]).toContain('until this page is reloaded or closed');
});

test('the token is discarded once the browser stores the cookie after all', async () => {
  const service = createFakeService({ storesCookie: false, issuesToken: true });
  const sent: (string | null)[] = [];
  const recording: typeof fetch = (input, init) => {
    sent.push(new Request(input, init).headers.get('authorization'));
    return service.fetch(input, init);
  };
  const visit = open({ ...service, fetch: recording });
  await visit.signIn(right);
  expect(sent.at(-1)).toBe('Bearer signed.t1');
  service.storesCookie = true;
  await visit.signIn(right);
  expect(sent.at(-1)).toBeNull();
  expect(visit.state()).toMatchObject({ status: 'signedIn' });
});

test('bearerToken: off uses no token', async () => {
  const service = createFakeService({ storesCookie: false, issuesToken: true });
  const visit = open(service, { bearerToken: 'off' });
  expect(await visit.signIn(right)).toMatchObject({ ok: false, code: 'COOKIE_REFUSED' });
});

test.each(['down', 'html', 'database-down', 'gateway-error'] as const)(
  'a service that is %s keeps the user signed in, with a message, and the check is repeated',
  async (mode) => {
    vi.useFakeTimers();
    const service = createFakeService();
    const visit = open(service);
    await visit.signIn(right);
    service.mode = mode;
    await visit.recheck();
    expect(visit.state()).toMatchObject({ status: 'signedIn', user });
    expect(visit.state()).toHaveProperty('problem', expect.any(String));
    expect(await visit.signOut()).toMatchObject({ ok: false });
    expect(visit.state()).toMatchObject({ status: 'signedIn' });
    service.mode = 'up';
    await (mode === 'html' ? visit.recheck() : vi.advanceTimersByTimeAsync(16_000));
    expect(visit.state()).not.toHaveProperty('problem');
    expect(visit.states).not.toContain('signedOut');
    vi.useRealTimers();
  },
);

test('a page opened while the service is down has an unknown state, not a signed-out one', async () => {
  const service = createFakeService();
  service.mode = 'down';
  const visit = open(service);
  await visit.recheck();
  expect(visit.state()).toMatchObject({
    status: 'unknown',
    problem: expect.stringMatching(/cannot be reached/) as string,
  });
  service.mode = 'up';
  await visit.recheck();
  expect(visit.state()).toEqual({ status: 'signedOut' });
  expect(visit.states).toEqual(['unknown', 'signedOut']);
});

test('a wrong authUrl is logged once to the console, however often it fails', async () => {
  const service = createFakeService();
  service.mode = 'html';
  const visit = open(service);
  await visit.recheck();
  await visit.recheck();
  expect(visit.warn.mock.calls).toEqual([
    [expect.stringContaining('No auth service answers at authUrl')],
  ]);
});

test('a session that was ended elsewhere shows a notice until the next sign-in', async () => {
  const service = createFakeService();
  const visit = open(service);
  await visit.signIn(right);
  service.endSessions();
  await visit.recheck();
  const ended = { status: 'signedOut', notice: 'You were signed out elsewhere. Sign in again.' };
  expect(visit.state()).toEqual(ended);
  await visit.recheck(); // the cookie is cleared now, and the reason is gone
  expect(visit.state()).toEqual(ended);
  await visit.signIn(right);
  await visit.signOut();
  expect(visit.state()).toEqual({ status: 'signedOut' });
});

test('a recheck of a known session never sets the state to loading', async () => {
  const visit = open(createFakeService());
  await visit.recheck();
  await visit.recheck();
  expect(visit.states).not.toContain('loading');
});

test('a sign-up without a session is not reported as a refused cookie', async () => {
  const visit = open(createFakeService());
  expect(await visit.signUp({ ...right, name: 'Ada' })).toMatchObject({ code: 'NO_SESSION_YET' });
});

test('the credentials are sent to the API and not to another origin', async () => {
  const service = createFakeService({ storesCookie: false, issuesToken: true });
  const sent: [string, RequestCredentials, string | null][] = [];
  const recording: typeof fetch = (input, init) => {
    const request = new Request(input, init);
    sent.push([request.url, request.credentials, request.headers.get('authorization')]);
    return service.fetch(request);
  };
  const visit = open({ ...service, fetch: recording }, { apiOrigins: ['https://api.example.com'] });
  await visit.signIn(right);
  sent.length = 0;
  await visit.apiFetch('https://api.example.com/private');
  await visit.apiFetch('https://elsewhere.example/private');
  expect(sent).toEqual([
    ['https://api.example.com/private', 'include', 'Bearer signed.t1'],
    ['https://elsewhere.example/private', 'same-origin', null],
  ]);
});

test('a new sign-in does not send the bearer token of an earlier one', async () => {
  const service = createFakeService({ storesCookie: false, issuesToken: true });
  const sent: (string | null)[] = [];
  const recording: typeof fetch = (input, init) => {
    const request = new Request(input, init);
    if (request.url.endsWith('/sign-in/email')) sent.push(request.headers.get('authorization'));
    return service.fetch(request);
  };
  const visit = open({ ...service, fetch: recording });
  await visit.signIn(right);
  await visit.signIn(right);
  expect(sent).toEqual([null, null]);
  expect(visit.state()).toMatchObject({ status: 'signedIn', user });
});
