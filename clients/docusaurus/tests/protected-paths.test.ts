/** Which pages `protectedPaths` covers: every path that leads to the page, and no other page. */
import { expect, test } from 'vitest';
import { isProtectedPath, readProtectedPaths } from '../src/protected-paths.js';

const members = ['/docs/members/**'];

test.each([
  '/docs/members',
  '/docs/members/',
  '/docs/members/a',
  '/docs/members/a/b/',
  '/Docs/MEMBERS/a',
  '/docs/%6Dembers/a',
  '/docs//members/a',
  '/docs/members/index.html',
  '/docs/members.html',
  '/docs/members/a.html',
])('%s is protected by /docs/members/**', (path) => {
  expect(isProtectedPath(path, members, '/')).toBe(true);
  expect(isProtectedPath(`/book/de${path}`, members, '/book/de/')).toBe(true);
});

test.each([
  '/',
  '/docs',
  '/docs/membership',
  '/docs/members-only',
  '/members/a',
  '/a/docs/members',
])('%s is not protected by it', (path) => {
  expect(isProtectedPath(path, members, '/')).toBe(false);
  expect(isProtectedPath(`/book${path}`, members, '/book/')).toBe(false);
});

test.each([
  ['/docs/*/notes', '/docs/a/notes', true],
  ['/docs/*/notes', '/docs/a/b/notes', false],
  ['/docs/**/notes', '/docs/a/b/notes', true],
  ['/docs/**/notes', '/docs/notes', true],
  ['/exam', '/exam/', true],
  ['/exam', '/exam/1', false],
  ['/exam-*', '/exam-1', true],
  ['/a.c', '/abc', false],
  ['/**', '/', true],
  ['/**', '/any/thing', true],
])('%s and %s: %s', (pattern, path, isProtected) => {
  expect(isProtectedPath(path, [pattern], '/')).toBe(isProtected);
});

test('a path outside the base URL is not part of the site', () => {
  expect(isProtectedPath('/elsewhere', ['/**'], '/book/')).toBe(false);
});

test.each(['/docs/**', ['docs/**'], [''], [1], ['//evil/**'], ['/a?b'], null])(
  '%j is refused with a message that names the option',
  (value) => expect(() => readProtectedPaths(value)).toThrow(/^protectedPaths must be a list/),
);

test.each(['/docs/a**', '/docs/**a', '/a/**/b/**'])(
  '%s is refused with the meaning of **',
  (value) => {
    expect(() => readProtectedPaths([value])).toThrow(/\*\* must be a whole segment/);
  },
);

test('matching a long path is fast', () => {
  const path = '/docs/'.repeat(20_000);
  const startedAt = performance.now();
  isProtectedPath(path, ['/docs/**/notes', '/*-*-*-*/x'], '/');
  expect(performance.now() - startedAt).toBeLessThan(1000);
});
