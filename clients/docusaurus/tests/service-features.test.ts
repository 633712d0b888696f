/** What the service offers. */
import { expect, test, vi } from 'vitest';
import { createFeatureStore } from '../src/client/service-features.js';

const authUrl = 'https://auth.example.com';
const answering = (...responses: (Response | Error)[]) =>
  vi.fn<typeof fetch>(() => {
    const next = responses.shift();
    return next instanceof Response ? Promise.resolve(next) : Promise.reject(next ?? new Error());
  });

test('the service is asked once, without credentials, for all callers', async () => {
  const sitePage = 'https://www.example.com/auth/confirm/';
  const known = { passwordReset: true, emailVerification: 'required', sitePage };
  const features = { ...known, somethingNew: true };
  const fetch = answering(Response.json({ features }));
  const store = createFeatureStore(fetch, authUrl);
  expect(store.current()).toBeUndefined();
  const expected = known;
  expect(await Promise.all([store.load(), store.load()])).toEqual([expected, expected]);
  expect(await store.load()).toEqual(expected);
  expect(fetch).toHaveBeenCalledTimes(1);
  expect(fetch.mock.calls[0]?.[0]).toBe(`${authUrl}/api/auth/features`);
  expect(fetch.mock.calls[0]?.[1]?.credentials).toBe('omit');
});

test('a service without the route offers nothing', async () => {
  const fetch = answering(Response.json({ code: 'NOT_FOUND' }, { status: 404 }));
  const store = createFeatureStore(fetch, authUrl);
  expect(await store.load()).toEqual({});
  expect(await store.load()).toEqual({});
  expect(fetch).toHaveBeenCalledTimes(1);
});

test.each([
  ['no response', new TypeError('Failed to fetch')],
  ['503', Response.json({ code: 'DATABASE_UNAVAILABLE' }, { status: 503 })],
  ['a web page', new Response('<!doctype html>')],
])(
  'after %s it is unknown what the service offers, and the next caller asks again',
  async (_what, first) => {
    const fetch = answering(first, Response.json({ features: { passwordReset: true } }));
    const store = createFeatureStore(fetch, authUrl);
    expect(await store.load()).toBeUndefined();
    expect(await store.load()).toEqual({ passwordReset: true });
  },
);
