/** Where a bearer token is stored, and for how long. */
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

test('a staged token is used and stored only once it is committed', () => {
  const stored = storage();
  const bearer = createBearerStore('key', stored);
  bearer.stage('a.b');
  expect([bearer.token(), stored.items.size]).toEqual([undefined, 0]);
  expect(bearer.commit()).toBe(true);
  expect([bearer.token(), stored.items.get('key')]).toEqual(['a.b', 'a.b']);
});

test('a new token replaces the one in use', () => {
  const bearer = createBearerStore('key');
  bearer.stage('first');
  bearer.commit();
  bearer.stage('second');
  expect(bearer.token()).toBe('second');
});

test('a suspended token is not sent or stored, until it is committed again', () => {
  const stored = storage();
  const bearer = createBearerStore('key', stored);
  bearer.stage('first');
  bearer.commit();
  bearer.suspend();
  expect([bearer.token(), stored.items.size]).toEqual([undefined, 0]);
  expect(bearer.commit()).toBe(true);
  expect(bearer.token()).toBe('first');
});

test('commit returns false if no token was staged, and after clear', () => {
  const stored = storage();
  const bearer = createBearerStore('key', stored);
  expect(bearer.commit()).toBe(false);
  bearer.stage('a.b');
  bearer.commit();
  bearer.clear();
  expect([bearer.commit(), bearer.token(), stored.items.size]).toEqual([false, undefined, 0]);
});

test('with storage the token survives a reload, without it does not', () => {
  const stored = storage();
  const first = createBearerStore('key', stored);
  first.stage('a.b');
  first.commit();
  expect(createBearerStore('key', stored).token()).toBe('a.b');
  expect(createBearerStore('key').token()).toBeUndefined();
});

test('with forbidden storage the token is stored in memory', () => {
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
