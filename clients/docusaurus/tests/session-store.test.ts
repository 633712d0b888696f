/** When the session is rechecked, and which response counts. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createAuth, type Browser } from '../src/client/create-auth.js';
import type { SessionResult } from '../src/client/session-query.js';
import { createSessionStore } from '../src/client/session-store.js';
import { createTabChannel, type TabWindow } from '../src/client/tab-channel.js';
import { readOptions } from '../src/options.js';
import { createFakeService, password, user } from './support/fake-service.js';

const callContext = { authUrl: 'https://auth.example.com', pageOrigin: 'https://docs.example.com' };
const credentials = { email: user.email, password };

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const resultOf = (id: string): SessionResult =>
  ({ data: { user: { id }, session: { id: `s-${id}` } } }) as unknown as SessionResult;

/** A store whose responses arrive in an order of the test's choice. */
function createStore() {
  const requests: ((answer: SessionResult) => void)[] = [];
  const store = createSessionStore({
    query: () => new Promise((resolve) => requests.push(resolve)),
    context: () => ({ callContext }),
    onMisconfiguration: () => undefined,
  });
  const shown = () => {
    const state = store.state();
    return state.status === 'signedIn' ? state.user.id : state.status;
  };
  return { store, requests, shown };
}

test('a late response never overwrites a newer one, in any order', async () => {
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [0, 2, 1],
  ]) {
    const { store, requests, shown } = createStore();
    const done = [0, 1, 2].map(() => store.recheck());
    for (const index of order) {
      requests[index]?.(resultOf(`u${index}`));
      await vi.advanceTimersByTimeAsync(0);
    }
    await Promise.all(done);
    expect(shown()).toBe('u2');
  }
});

test('the response to a request from before the sign-out does not sign in again', async () => {
  const { store, requests, shown } = createStore();
  const early = store.recheck();
  store.markSignedOut();
  requests[0]?.(resultOf('u1'));
  await early;
  expect(shown()).toBe('signedOut');
});

test('the response to a request from before the sign-in does not sign out', async () => {
  const { store, requests, shown } = createStore();
  const early = store.recheck();
  store.applySignIn(resultOf('u1'));
  requests[0]?.({ data: null, reason: 'no_credential' });
  await early;
  expect(shown()).toBe('u1');
});

test('a sign-in on a page that is loading waits for the first check, whose answer could delete the new cookie', async () => {
  const { store, requests, shown } = createStore();
  store.subscribe(() => undefined); // the first check is about to start
  let isIdle = false;
  const waiting = store.idle().then(() => (isIdle = true));
  await vi.advanceTimersByTimeAsync(50);
  expect([requests.length, isIdle]).toEqual([1, false]);
  requests[0]?.(resultOf('u0'));
  await waiting;
  expect(shown()).toBe('u0');
  await store.idle(); // nothing is under way
  expect(requests).toHaveLength(1);
});

test('an equal state does not notify the listeners', async () => {
  const { store, requests } = createStore();
  const listener = vi.fn();
  store.subscribe(listener);
  for (const index of [0, 1]) {
    const done = store.recheck();
    requests[index]?.(resultOf('u1'));
    await done;
  }
  expect(listener).toHaveBeenCalledTimes(1);
});

test.each([
  [30, 30],
  [0, 1],
  [undefined, 15],
])(
  'after a 503 with Retry-After %s the check is repeated after %i s, not before',
  async (given, seconds) => {
    const { store, requests } = createStore();
    const done = store.recheck();
    requests[0]?.({
      data: null,
      failure: { code: 'DATABASE_UNAVAILABLE', httpStatus: 503, retryAfterSeconds: given },
    });
    await done;
    await vi.advanceTimersByTimeAsync(seconds * 1000 - 1);
    expect(requests).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(requests).toHaveLength(2);
  },
);

function openTab(service = createFakeService(), browser: Partial<Browser> = {}, options = {}) {
  const auth = createAuth(readOptions({ authUrl: callContext.authUrl, ...options }), {
    fetch: service.fetch,
    pageOrigin: callContext.pageOrigin,
    sessionStorage: undefined,
    warn: () => undefined,
    ...browser,
  });
  auth.sessions.subscribe(() => undefined);
  const checks = () => service.requests.filter((path) => path === '/get-session').length;
  return { ...auth, service, checks, status: () => auth.sessions.state().status };
}

test('a 401 of another endpoint triggers a recheck', async () => {
  const tab = openTab();
  await tab.actions.signIn(credentials);
  tab.service.endSessions();
  await tab.actions.changePassword({ currentPassword: 'x', newPassword: 'y' });
  await vi.advanceTimersByTimeAsync(10);
  expect(tab.status()).toBe('signedIn'); // a 404 says nothing about the session
  tab.service.unauthorized = true;
  await tab.actions.listSessions();
  await vi.advanceTimersByTimeAsync(10);
  await vi.dynamicImportSettled(); // the notice why
  expect(tab.status()).toBe('signedOut');
});

test('a 401 of an API triggers one recheck, and the call is not repeated', async () => {
  const service = createFakeService();
  let calls = 0;
  const fetch: typeof globalThis.fetch = (input, init) => {
    const request = new Request(input, init);
    if (!request.url.startsWith('https://api.example.com')) return service.fetch(request);
    calls += 1;
    return Promise.resolve(new Response(null, { status: 401 }));
  };
  const tab = openTab(service, { fetch }, { apiOrigins: ['https://api.example.com'] });
  await tab.actions.signIn(credentials);
  const before = tab.checks();
  await Promise.all([1, 2, 3].map(() => tab.apiFetch('https://api.example.com/private')));
  await vi.advanceTimersByTimeAsync(10);
  expect([calls, tab.checks() - before]).toEqual([3, 1]);
  service.endSessions();
  await tab.apiFetch('https://api.example.com/private');
  await vi.advanceTimersByTimeAsync(10);
  expect(tab.status()).toBe('signedOut');
});

test('a wrong password triggers no recheck', async () => {
  const tab = openTab();
  await tab.actions.signIn(credentials);
  const before = tab.checks();
  await tab.actions.signIn({ ...credentials, password: 'wrong' });
  await vi.advanceTimersByTimeAsync(10);
  expect(tab.checks()).toBe(before);
});

/** Two windows of one browser, with or without BroadcastChannel. */
function createWindows(hasBroadcast: boolean): [TabWindow, TabWindow] {
  const listeners: ((event: StorageEvent) => void)[][] = [[], []];
  const window = (index: number): TabWindow => ({
    BroadcastChannel: hasBroadcast ? BroadcastChannel : undefined,
    localStorage: {
      setItem: (key) =>
        listeners[1 - index]?.forEach((listener) => listener({ key } as StorageEvent)),
    },
    addEventListener: (_type, listener) => listeners[index]?.push(listener),
  });
  return [window(0), window(1)];
}

test.each([true, false])(
  'a sign-in and a sign-out in another tab are detected immediately (BroadcastChannel: %s)',
  async (hasBroadcast) => {
    vi.useRealTimers();
    const service = createFakeService();
    const name = `test ${hasBroadcast}`;
    const [first, second] = createWindows(hasBroadcast).map((window) =>
      openTab(service, { tabs: createTabChannel(window, name) }),
    );
    await second?.sessions.recheck();
    expect(second?.status()).toBe('signedOut');
    await first?.actions.signIn(credentials);
    await vi.waitFor(() => expect(second?.status()).toBe('signedIn'));
    await first?.actions.signOut();
    await vi.waitFor(() => expect(second?.status()).toBe('signedOut'));
  },
);

test('forbidden storage does not break a sign-in', async () => {
  const window: TabWindow = {
    get localStorage(): never {
      throw new DOMException('denied', 'SecurityError');
    },
    addEventListener: () => undefined,
  };
  const tab = openTab(createFakeService(), { tabs: createTabChannel(window, 'x') });
  expect(await tab.actions.signIn(credentials)).toMatchObject({ ok: true });
});

test('a notice says that a reload ends a sign-in by token, and after the reload that it did', async () => {
  const kept = new Map<string, string>();
  const sessionStorage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  const service = createFakeService({ storesCookie: false, issuesToken: true });
  const tab = openTab(service, { sessionStorage });
  await tab.actions.signIn(credentials);
  expect(tab.sessions.state()).toMatchObject({
    status: 'signedIn',
    notice: expect.stringMatching(/until this page is reloaded/) as string,
  });
  expect(JSON.stringify([...kept])).not.toContain('signed.');
  const reloaded = openTab(service, { sessionStorage });
  await reloaded.sessions.recheck();
  expect(reloaded.sessions.state()).toMatchObject({
    status: 'signedOut',
    notice: expect.stringMatching(/Reloading the page ended your sign-in/) as string,
  });
  service.storesCookie = true;
  await reloaded.actions.signIn(credentials);
  expect(reloaded.sessions.state()).not.toHaveProperty('notice');
  await reloaded.actions.signOut();
  expect(reloaded.sessions.state()).toEqual({ status: 'signedOut' });
});
