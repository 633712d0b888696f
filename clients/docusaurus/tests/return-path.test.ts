/** The page after signing in: always one of this site, whatever the link contains. */
import { expect, test } from 'vitest';
import { hasReturnPath, readReturnPath, withReturnPath } from '../src/client/return-path.js';

const from = (path: string) => `?from=${encodeURIComponent(path)}`;

test('the page that linked to the sign-in page is restored', () => {
  const link = withReturnPath('/sign-in', '/docs/a b?c=1&d#e');
  expect(readReturnPath(link.slice(link.indexOf('?')), '/')).toBe('/docs/a b?c=1&d#e');
});

test.each([
  '',
  '?from=',
  '?from=https://evil.example',
  '?from=//evil.example',
  '?from=/%5Cevil.example',
  '?from=/%09/evil.example',
  '?from=javascript:alert(1)',
])('%s leads to the fallback', (search) => {
  expect(readReturnPath(search, '/home')).toBe('/home');
  expect(hasReturnPath(search)).toBe(false);
});

const hosts = [
  '/.//evil.example',
  '/..//evil.example',
  '/a/..//evil.example',
  '/a/../..//evil.example',
  '/./\\evil.example',
  '/%2e//evil.example',
  '/%2E%2E//evil.example',
  '/%5Cevil.example',
  '/%5c/evil.example',
  '/%2F/evil.example',
  '/%2f%2fevil.example',
  '/%09//evil.example',
  '/\n/evil.example',
  '/\r\n/evil.example',
  '\t//evil.example',
  ' //evil.example',
  '\\\\evil.example',
  '///evil.example',
  '/\u0000/evil.example',
  'http:evil.example',
  'exercises',
  '/%',
  '/%ff',
];

test.each(hosts)('%j is refused under any base URL', (path) => {
  for (const baseUrl of ['/', '/book/']) {
    expect(readReturnPath(from(path), '/home', { baseUrl })).toBe('/home');
    const inside = readReturnPath(from(`/book${path}`), '/home', { baseUrl });
    const target = new URL(inside, 'https://docs.example.com');
    expect(target.origin).toBe('https://docs.example.com');
    expect(target.pathname).not.toMatch(/^\/[/\\]/);
  }
});

test.each([
  ['/exercises', '/book/exercises', 'as an author writes it, without the base URL'],
  ['/book/exercises?a=1#b', '/book/exercises?a=1#b', 'as the page names itself'],
  ['/book', '/book/', 'the home page'],
  ['/book/de/exercises', '/book/exercises', 'the page of the other language'],
  ['/bookshop', '/book/bookshop', 'a path that only begins alike'],
])('under /book/, %s is %s: %s', (path, target) => {
  const bases = { baseUrl: '/book/', otherBaseUrls: ['/book/de/'] };
  expect(readReturnPath(from(path), '/', bases).replace(/(.)\/\/$/, '$1/')).toBe(target);
});

test('in the other language, a page of the first one is found in this one', () => {
  const bases = { baseUrl: '/de/', otherBaseUrls: ['/'] };
  expect(readReturnPath(from('/exercises'), '/de/', bases)).toBe('/de/exercises');
});

test.each([
  [true, '/exercises?a=1', '/exercises/?a=1'],
  [false, '/exercises/#b', '/exercises#b'],
  [false, '/', '/'],
  [undefined, '/exercises/', '/exercises/'],
])('with trailingSlash %s, %s is %s', (trailingSlash, path, target) => {
  expect(readReturnPath(from(path), '/', { baseUrl: '/', trailingSlash })).toBe(target);
});
