/** Where a bearer token is kept, and how long. */
import { expect, test } from 'vitest';
import { createBearerStore, type TokenStorage } from '../src/client/bearer-store.js';

function storage(): TokenStorage & { items: Map<string, string> } {
  const items = new Map<string, string>();
  return {
    items,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
}

test('an offered token is used, and stored, only once it is adopted', () => {
  const kept = storage();
  const bearer = createBearerStore('key', kept);
  bearer.stage('a.b');
  expect([bearer.token(), kept.items.size]).toEqual([undefined, 0]);
  expect(bearer.commit()).toBe(true);
  expect([bearer.token(), kept.items.get('key')]).toEqual(['a.b', 'a.b']);
});

test('a new token takes the place of the one in use', () => {
  const bearer = createBearerStore('key');
  bearer.stage('first');
  bearer.commit();
  bearer.stage('second');
  expect(bearer.token()).toBe('second');
});

test('there is nothing to adopt where no token was offered, nor after it was dropped', () => {
  const kept = storage();
  const bearer = createBearerStore('key', kept);
  expect(bearer.commit()).toBe(false);
  bearer.stage('a.b');
  bearer.commit();
  bearer.clear();
  expect([bearer.commit(), bearer.token(), kept.items.size]).toEqual([false, undefined, 0]);
});

test('with a storage it outlives a reload, without one it does not', () => {
  const kept = storage();
  const first = createBearerStore('key', kept);
  first.stage('a.b');
  first.commit();
  expect(createBearerStore('key', kept).token()).toBe('a.b');
  expect(createBearerStore('key').token()).toBeUndefined();
});

test('a storage that the browser forbids leaves the token in memory', () => {
  const forbidden = () => {
    throw new DOMException('denied', 'SecurityError');
  };
  const bearer = createBearerStore('key', {
    getItem: forbidden,
    setItem: forbidden,
    removeItem: forbidden,
  });
  bearer.stage('a.b');
  expect(bearer.commit()).toBe(true);
  expect(bearer.token()).toBe('a.b');
});
