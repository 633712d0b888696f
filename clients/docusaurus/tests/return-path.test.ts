/** Where a visitor lands after signing in: on this site, whatever the link said. */
import { expect, test } from 'vitest';
import { readReturnPath, withReturnPath } from '../src/client/return-path.js';

test('the page that asked for the sign-in is found again', () => {
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
});
